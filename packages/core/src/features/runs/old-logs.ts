import type { CodeSource } from '../pipeline/pipeline.schema.ts'
import type { LiveRun } from './live-run.ts'
import { isDebug, sameSource } from './live-run.ts'
import type { RunLogs } from './run-logs.port.ts'
import type { RunsRepo } from './runs.repo.ts'

/** Runs looked at: as many as the history keeps. */
const LOOK_BACK = 500

/**
 * product.md, Log: a new version clears the logs of all earlier runs, a restart of the same one keeps them, a
 * debug run clears those of earlier debug runs only. A run that is still draining keeps its log: it writes.
 *
 * @param previous what was observed before this run: no history need be read for a restart of the same version
 */
export async function clearOldLogs(
  { repo, runLogs }: { repo: RunsRepo; runLogs: RunLogs },
  projectId: string,
  { run, previous }: { run: LiveRun; previous: CodeSource | null },
): Promise<void> {
  if (!isDebug(run.source)) {
    if (sameSource(previous, run.source)) return
    const before = await repo.history.releaseBefore(projectId, run.runId)
    if (sameSource(before?.source, run.source)) return
  }
  const runs = (await repo.history.list(projectId, { limit: LOOK_BACK })).filter(
    ({ _id }) => _id !== run.runId,
  )
  const open = runs.filter(({ endedAt }) => endedAt === null)
  const releases = runs.filter(({ source }) => !isDebug(source))
  const kept = isDebug(run.source) ? [...open, ...releases] : open
  await runLogs.clear(projectId, [run.runId, ...new Set(kept.map(({ _id }) => _id))])
}
