/** Something that is waited for; `stop` ends the waiting. */
export interface Waiting {
  done: Promise<void>
  stop: () => void
}

/** Those who wait until a number that only grows (commits, positions) has passed theirs. */
export interface Waiters {
  wake(reached: number): void
  /** Resolves when more than `after` was reached, when `ms` have passed, or when `stop` is called. */
  wait(after: number, options: { ms: number; reached: number }): Waiting
}

export function createWaiters(): Waiters {
  const waiting = new Set<{ after: number; wake: () => void }>()
  return {
    wake(reached) {
      for (const waiter of waiting) if (waiter.after < reached) waiter.wake()
    },
    wait(after, { ms, reached }) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const waiter = { after, wake: resolve }
      if (reached > after) resolve()
      waiting.add(waiter)
      const timer = setTimeout(resolve, ms)
      const done = promise.then(() => {
        clearTimeout(timer)
        waiting.delete(waiter)
      })
      return { done, stop: resolve }
    },
  }
}
