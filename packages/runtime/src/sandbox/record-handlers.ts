// Handlers of record changes, of `events` and `hook` alike: one consumer in the host serves both.
import type { Kernel } from './kernel.port.ts'

/** A change as the host hands it in (packages/data, RecordEvent). */
export interface RecordChange {
  id: string
  model: string
  type: 'insert' | 'update' | 'delete'
  recordId: string
  changed: string[]
  record: Record<string, unknown>
  actor: { kind: string }
  at: string
}

type Handler = (change: RecordChange) => unknown

const handlers = new Map<string, Handler[]>()
let connected = false

/** The host's entry with one change. */
export const RECORD_CHANGED = 'events.record'

/**
 * Adds a handler. What it throws, or rejects with, makes the host come again with the same change: at least once.
 */
export function onRecordChange(
  kernel: Kernel,
  { model, type }: { model: string; type: RecordChange['type'] },
  handler: Handler,
): void {
  if (!connected) kernel.on(RECORD_CHANGED, (change) => handle(change as RecordChange))
  connected = true
  const key = `${model} ${type}`
  const list = handlers.get(key)
  if (list) list.push(handler)
  else handlers.set(key, [handler])
  kernel.tell('events.watch', [model])
}

async function handle(change: RecordChange): Promise<void> {
  for (const handler of handlers.get(`${change.model} ${change.type}`) ?? []) await handler(change)
}
