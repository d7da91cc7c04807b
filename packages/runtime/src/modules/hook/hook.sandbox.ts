import type { SandboxRoom } from '../../sandbox/lane.ts'
import { textOf } from '../../sandbox/presses/dialog-shapes.ts'
import { contextOf } from '../../sandbox/presses/press-context.ts'
import { ACTION_SLUG } from '../../sandbox/presses/press.contract.ts'
import { addAction } from '../../sandbox/presses/presses.ts'
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
    /** The original's spelling of `actions.define`; the last handler of a slug wins. */
    onAction(slug: unknown, fn: unknown, name?: unknown): void {
      if (typeof fn !== 'function' || typeof slug !== 'string' || !ACTION_SLUG.test(slug))
        throw kernel.error('HOOK_ACTION_INVALID', hookTexts.HOOK_ACTION_INVALID())
      const spec = { slug, name: textOf(name, slug), description: '', color: '', confirm: '' }
      addAction(kernel, spec, (press) => (fn as (context: object) => unknown)(contextOf(kernel, press, spec)))
    },
    onModelInsert: on('hook.onModelInsert', 'insert'),
    onModelUpdate: on('hook.onModelUpdate', 'update'),
    onModelDelete: on('hook.onModelDelete', 'delete'),
  }
}
