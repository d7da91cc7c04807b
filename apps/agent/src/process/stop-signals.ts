/** A terminal, npm and our own launcher may each pass on one Ctrl+C: what comes this close together is one wish. */
const SAME_WISH_MS = 750

/**
 * Calls `stop` at the first SIGINT or SIGTERM (SIGHUP counts, a closed terminal), and `hurry` at one that
 * comes later than {@link SAME_WISH_MS} after it. The returned function stops listening.
 */
export function onStopSignals({
  stop,
  hurry,
}: {
  stop: (signal: string) => void
  hurry: () => void
}): () => void {
  let firstAt: number | null = null
  const listener = (signal: NodeJS.Signals) => {
    const now = performance.now()
    if (firstAt === null) {
      firstAt = now
      stop(signal)
    } else if (now - firstAt > SAME_WISH_MS) hurry()
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, listener)
  return () => signals.forEach((signal) => process.off(signal, listener))
}
