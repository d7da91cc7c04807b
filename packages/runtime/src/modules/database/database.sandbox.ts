import type { SandboxRoom } from '../../sandbox/lane.ts'
import { createCollection, spelled } from './collection.sandbox.ts'
import type { StoredRecord } from './database.contract.ts'

/** `database.<model>` for every model, without asking which there are: the host knows when it is called. */
export const room: SandboxRoom = (lane) => {
  const known = new Map<string, Record<string, unknown>>()
  const collection = (model: unknown) => {
    const slug = String(model)
    let found = known.get(slug)
    if (!found) known.set(slug, (found = createCollection(lane, slug)))
    return found
  }
  const batch = (operations: unknown) =>
    lane.map(lane.call<(StoredRecord | null)[]>('database.batch', [operations]), (records) =>
      records.map((record) => spelled(lane, record)),
    )
  return new Proxy(
    { collection, batch },
    {
      get: (target, name) => {
        if (typeof name !== 'string' || name in Object.prototype || name === 'then')
          return Reflect.get(target, name)
        if (name === 'collection') return collection
        return name === 'batch' ? batch : collection(name)
      },
    },
  )
}
