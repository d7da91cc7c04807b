// Which of the runs of a runner that ended is to be kept away from the others.

export interface RunnerDeath {
  /** Handles the runner or the agent named as the cause, each with certainty. */
  blamed: ReadonlySet<number>
  /** Handles the black box names: they were being executed. The cause and up to two innocents, measured. */
  flagged: ReadonlySet<number>
  /** Memory of each run as of its last report. */
  heapBytes: ReadonlyMap<number, number>
  /** It was ended because it used too much memory. */
  byMemory: boolean
  /** How long it had lived. */
  ageMs: number
}

/** A second end that nothing explains comes soon after the first when one of the runs is its cause. */
const SOON_MS = 60_000

/**
 * Decides who is suspected: those who are known to be the cause; else who was being executed; else, of an end by memory,
 * the largest as of the last report. When nothing points at anybody (the kernel, an operator, a fault of our own), nobody is; but when it
 * happens to a young runner, everybody, so that the cause ends alone the next time.
 */
export function suspectsOf({
  blamed,
  flagged,
  heapBytes,
  byMemory,
  ageMs,
}: RunnerDeath): ReadonlySet<number> {
  if (blamed.size > 0) return blamed
  if (flagged.size > 0) return flagged
  const largest = byMemory && [...heapBytes].sort(([, a], [, b]) => b - a)[0]
  if (largest) return new Set([largest[0]])
  return ageMs < SOON_MS ? new Set(heapBytes.keys()) : new Set()
}
