import type { Db } from 'mongodb'

/** The same database, whose server says that it is a MongoDB without replica set: it has no transactions. */
export function asStandalone(db: Db): Db {
  return new Proxy(db, {
    get(target, name) {
      if (name === 'command') return () => Promise.resolve({ isWritablePrimary: true, ok: 1 })
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}
