/** A runner as placement sees it. */
export interface PlaceCandidate {
  readonly id: number
  /** Runs in it; a runner of the policy `process` takes one. */
  readonly runs: number
  readonly shared: boolean
}

/** A run as placement sees it. */
export interface PlaceRequest {
  readonly isolation: 'process' | 'shared'
  /** A debug run, or one with native plugins: always alone. */
  readonly alone: boolean
}

/** Services one shared runner holds at most (50 measured in 107 MB; a death costs all of them a restart). */
export const MAX_SHARED_RUNS = 50

/** Where a run goes: the id of a runner, or null for a new one. The emptiest shared runner with room takes it. */
export function place(run: PlaceRequest, runners: readonly PlaceCandidate[]): number | null {
  if (run.isolation === 'process' || run.alone) return null
  const open = runners.filter((runner) => runner.shared && runner.runs < MAX_SHARED_RUNS)
  return open.sort((a, b) => a.runs - b.runs || a.id - b.id)[0]?.id ?? null
}
