import type { Kernel } from '../../sandbox/kernel.port.ts'
import type { SandboxRoom } from '../../sandbox/lane.ts'
import { onRecordChange, type RecordChange } from '../../sandbox/record-handlers.ts'
import { CHANGE_TYPES, eventsTexts, MAX_LISTENERS } from './events.contract.ts'

type Listener = (...args: unknown[]) => unknown

// Both spellings share the events of the service.
const listeners = new Map<string, { fn: Listener; once: boolean }[]>()

export const room: SandboxRoom = (_lane, kernel) => {
  const on = (call: string, once: boolean) => (name: unknown, fn: unknown) => {
    const off = listen(kernel, call, { name, fn, once })
    return off
  }
  return {
    on: on('events.on', false),
    once: on('events.once', true),
    off(name: unknown, fn?: unknown): void {
      const key = String(name)
      const left = fn === undefined ? [] : (listeners.get(key) ?? []).filter((each) => each.fn !== fn)
      if (left.length > 0) listeners.set(key, left)
      else listeners.delete(key)
    },
    /** How many handlers were called; what they throw is logged and harms nobody. */
    emit(name: unknown, ...args: unknown[]): number {
      const list = (listeners.get(String(name)) ?? []).slice()
      for (const each of list) {
        if (each.once) remove(String(name), each)
        kernel.guard(`A handler of "${String(name)}" failed`, () => each.fn(...args))
      }
      return list.length
    },
    onRecord(model: unknown, type: unknown, fn: unknown): void {
      if (typeof fn !== 'function' || typeof model !== 'string') {
        throw kernel.error(
          'EVENTS_HANDLER_INVALID',
          eventsTexts.EVENTS_HANDLER_INVALID({ call: 'events.onRecord' }),
        )
      }
      const known = CHANGE_TYPES.find((each) => each === type)
      if (!known)
        throw kernel.error('EVENTS_TYPE_UNKNOWN', eventsTexts.EVENTS_TYPE_UNKNOWN({ type: String(type) }))
      onRecordChange(kernel, { model, type: known }, fn as (change: RecordChange) => unknown)
    },
  }
}

function listen(
  kernel: Kernel,
  call: string,
  { name, fn, once }: { name: unknown; fn: unknown; once: boolean },
): () => void {
  if (typeof fn !== 'function' || typeof name !== 'string') {
    throw kernel.error('EVENTS_HANDLER_INVALID', eventsTexts.EVENTS_HANDLER_INVALID({ call }))
  }
  const list = listeners.get(name) ?? []
  if (list.length >= MAX_LISTENERS)
    throw kernel.error('EVENTS_TOO_MANY', eventsTexts.EVENTS_TOO_MANY({ name }))
  const entry = { fn: fn as Listener, once }
  listeners.set(name, [...list, entry])
  return () => remove(name, entry)
}

function remove(name: string, entry: object): void {
  const left = (listeners.get(name) ?? []).filter((each) => each !== entry)
  if (left.length > 0) listeners.set(name, left)
  else listeners.delete(name)
}
