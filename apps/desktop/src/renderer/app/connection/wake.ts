const CHECK_EVERY_MS = 5_000
/** A timer that is this late was not delayed by work: the computer slept (browsers slow hidden pages to 60 s at most). */
const SLEPT_MS = 75_000

/**
 * Calls `listener` when the computer woke or its network came back: what was connected before may be dead without
 * anybody having been told. Returns the function that ends it.
 */
export function onWake(listener: () => void, now: () => number = Date.now): () => void {
  let seenMs = now()
  const timer = setInterval(() => {
    const late = now() - seenMs - CHECK_EVERY_MS
    seenMs = now()
    if (late > SLEPT_MS) listener()
  }, CHECK_EVERY_MS)
  globalThis.addEventListener?.('online', listener)
  return () => {
    clearInterval(timer)
    globalThis.removeEventListener?.('online', listener)
  }
}
