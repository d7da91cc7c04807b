import type { SandboxRoom } from '../../sandbox/lane.ts'
import { createCollection } from './collection.sandbox.ts'

/** `database.<model>` for every model, without asking which there are: the host knows when it is called. */
export const room: SandboxRoom = (lane) => {
  const known = new Map<string, Record<string, unknown>>()
  const collection = (model: unknown) => {
    const slug = String(model)
    let found = known.get(slug)
    if (!found) known.set(slug, (found = createCollection(lane, slug)))
    return found
  }
  return new Proxy(
    { collection },
    {
      get: (target, name) => {
        if (typeof name !== 'string' || name in Object.prototype || name === 'then')
          return Reflect.get(target, name)
        return name === 'collection' ? collection : collection(name)
      },
    },
  )
}
