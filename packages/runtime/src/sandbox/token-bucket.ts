export interface LineBucketOptions {
  /** Lines a second that may pass for ever. Default 1,000 (architecture.md, "Inside an isolate" 6). */
  perSecond?: number
  /** Lines that may pass at once after a quiet time. Default 5,000. */
  burst?: number
}

/** Bounds a flood of lines; used where lines are made (the isolate) and again where they are written. */
export interface LineBucket {
  /** True when the line may pass; otherwise it counts as dropped. */
  take(nowMs: number): boolean
  /**
   * How many lines were dropped since the last report; 0 when there is none to make: nothing was dropped, or
   * the last report is less than a second old. `force` reports at once (the run ends).
   */
  report(nowMs: number, force?: boolean): number
  /** Dropped and not yet reported: somebody has to ask for a report within a second. */
  readonly unreported: number
}

const REPORT_EVERY_MS = 1_000

/** A token bucket over time that the caller brings; a clock that goes back gives no tokens and takes none. */
export function createLineBucket(options: LineBucketOptions = {}): LineBucket {
  const { perSecond = 1_000, burst = 5_000 } = options
  let tokens = burst
  let filledAt = -Infinity
  let dropped = 0
  let reportedAt = -Infinity

  return {
    take(nowMs) {
      if (nowMs > filledAt) {
        const gained = filledAt === -Infinity ? burst : ((nowMs - filledAt) / 1_000) * perSecond
        tokens = Math.min(burst, tokens + gained)
      }
      filledAt = nowMs
      if (tokens >= 1) {
        tokens -= 1
        return true
      }
      if (dropped === 0 && reportedAt === -Infinity) reportedAt = nowMs
      dropped += 1
      return false
    },
    report(nowMs, force = false) {
      if (dropped === 0 || (!force && nowMs - reportedAt < REPORT_EVERY_MS)) return 0
      const count = dropped
      dropped = 0
      reportedAt = nowMs
      return count
    },
    get unreported() {
      return dropped
    },
  }
}
