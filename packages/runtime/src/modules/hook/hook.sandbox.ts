import type { SandboxRoom } from '../../sandbox/lane.ts'
import { onRecordChange, type RecordChange } from '../../sandbox/record-handlers.ts'
import { hookTexts } from './hook.contract.ts'

/** Hooks of the original: as `events.onRecord`, but only for changes by people and programs, and with the record alone. */
export const room: SandboxRoom = (_lane, kernel) => {
  const on = (call: string, type: RecordChange['type']) => (model: unknown, fn: unknown) => {
    if (typeof fn !== 'function' || typeof model !== 'string') {
      throw kernel.error('HOOK_HANDLER_INVALID', hookTexts.HOOK_HANDLER_INVALID({ call }))
    }
    onRecordChange(kernel, { model, type }, ({ actor, record, recordId }) => {
      // Never for the writes of services: a hook that writes would call itself.
      if (actor.kind === 'service') return
      // As in the original nobody waits for a hook, and what it throws does not bring the change again.
      kernel.guard(`A hook of "${model}" failed`, () =>
        (fn as (doc: object) => unknown)({ _id: recordId, ...record }),
      )
    })
  }
  return {
    onModelInsert: on('hook.onModelInsert', 'insert'),
    onModelUpdate: on('hook.onModelUpdate', 'update'),
    onModelDelete: on('hook.onModelDelete', 'delete'),
  }
}
