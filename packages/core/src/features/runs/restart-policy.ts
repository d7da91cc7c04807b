import type { Clock } from '@m3m/base'

/** product.md, Code: at most 5 restarts an hour. */
const MAX_RESTARTS = 5
const WINDOW_MS = 60 * 60_000
/** Short at first, since most crashes are single ones (a service is back within 2 s); then out of the way. */
const DELAYS_MS = [500, 2_000, 8_000, 30_000, 120_000] as const

/** Decides when a crashed run is started again. */
export function createRestartPolicy(clock: Clock) {
  let restarts: number[] = []
  return {
    /** When the next restart is due. `limited`: the hour's restarts are used up, the oldest has to pass first. */
    next(): { atMs: number; limited: boolean } {
      const now = clock.now()
      // What seems to lie ahead was before the clock was set back.
      restarts = restarts.filter((at) => at > now - WINDOW_MS && at <= now)
      const limited = restarts.length >= MAX_RESTARTS
      const atMs = limited ? restarts[0]! + WINDOW_MS : now + DELAYS_MS[restarts.length]!
      return { atMs, limited }
    },
    /** Notes that a restart is made now. */
    made(): void {
      restarts.push(clock.now())
    },
    /** A person started it: the count begins afresh. */
    reset(): void {
      restarts = []
    },
  }
}

export type RestartPolicy = ReturnType<typeof createRestartPolicy>
