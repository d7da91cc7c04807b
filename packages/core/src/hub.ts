/** States kept for a listener that is slow. */
const MAX_WAITING = 32

/**
 * One place that tells of changes to whoever watches. For a slow one older values are left out, but never the newest
 * of a subject: where several things share a hub, what one of them does must not hide what another became.
 *
 * @param subjectOf what a value is about; left out, all are about the same
 */
export function createHub<T>(subjectOf: (value: T) => unknown = () => null) {
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
      const inbox = createInbox(subjectOf)
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

/** A queue between who tells and who reads, bounded by {@link MAX_WAITING} or the number of subjects. */
function createInbox<T>(subjectOf: (value: T) => unknown) {
  const waiting: T[] = []
  let ended = false
  let wake = () => {}

  /** The oldest that a newer one of the same subject follows. */
  function leaveOneOut(): void {
    const newest = new Map(waiting.map((value, index) => [subjectOf(value), index]))
    const superseded = waiting.findIndex((value, index) => newest.get(subjectOf(value)) !== index)
    if (superseded >= 0) waiting.splice(superseded, 1)
  }

  return {
    put(value: T): void {
      waiting.push(value)
      if (waiting.length > MAX_WAITING) leaveOneOut()
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
