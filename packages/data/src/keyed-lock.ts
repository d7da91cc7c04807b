/**
 * Lets one run at a time for each key, in order of arrival, within this process. Spares writers of one record
 * from beating each other's versions again and again; between processes the version decides.
 */
export interface KeyedLock {
  run<T>(key: string, action: () => Promise<T>): Promise<T>
}

export function createKeyedLock(): KeyedLock {
  const tails = new Map<string, Promise<unknown>>()
  return {
    async run(key, action) {
      const before = tails.get(key)
      const mine = before ? before.then(action, action) : action()
      const tail = mine.catch(() => {})
      tails.set(key, tail)
      try {
        return await mine
      } finally {
        if (tails.get(key) === tail) tails.delete(key)
      }
    },
  }
}
