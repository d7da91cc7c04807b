/** States kept for a listener that is slow; older ones are left out, the newest never. */
const MAX_WAITING = 32

/** One place that tells of changes to whoever watches. */
export function createHub<T>() {
  const listeners = new Set<{ hear: (value: T) => void; end: () => void }>()
  return {
    publish(value: T): void {
      for (const listener of listeners) listener.hear(value)
    },
    /** Ends every watcher. */
    close(): void {
      for (const listener of listeners) listener.end()
    },
    listen(hear: (value: T) => void, end: () => void = () => {}): () => void {
      const listener = { hear, end }
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    /** First what there is, then each value as it comes, until `until` aborts or the hub is closed. */
    async *watch(until: AbortSignal, first: () => Promise<T[]>): AsyncGenerator<T> {
      const inbox = createInbox<T>()
      const stop = this.listen(inbox.put, inbox.end)
      until.addEventListener('abort', inbox.end, { once: true })
      if (until.aborted) inbox.end()
      try {
        yield* await first()
        yield* inbox.read()
      } finally {
        stop()
        until.removeEventListener('abort', inbox.end)
      }
    },
  }
}

export type Hub<T> = ReturnType<typeof createHub<T>>

/** A bounded queue between who tells and who reads. */
function createInbox<T>() {
  const waiting: T[] = []
  let ended = false
  let wake = () => {}
  return {
    put(value: T): void {
      waiting.push(value)
      if (waiting.length > MAX_WAITING) waiting.shift()
      wake()
    },
    end(): void {
      ended = true
      wake()
    },
    async *read(): AsyncGenerator<T> {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift()!
        if (ended) return
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}
