import type { Clock, Logger } from '@m3m/base'
import type { JobKeeper, JobRun } from '../runs/job-keeper.port.ts'
import type { JobNote, JobReport } from '../runs/supervisor.port.ts'
import type { JobTimeDoc, JobsRepo } from './jobs.repo.ts'
import type { JobResult } from './jobs.schema.ts'

export interface JobLedgerDeps {
  repo: JobsRepo
  clock: Clock
  logger: Logger
}

/** Old entries are removed once so many new ones came. */
const PRUNE_EVERY = 50

/** Writes down what runs tell of their jobs, in the order in which they tell it. Never fails: a job has run in any case. */
export function createJobLedger({ repo, clock, logger }: JobLedgerDeps): JobKeeper {
  const writing = new Map<string, Promise<void>>()
  const fresh = new Map<string, { count: number; keys: Set<string> }>()
  const removed = new Set<string>()

  function write(projectId: string, work: () => Promise<void>): Promise<void> {
    const before = writing.get(projectId) ?? Promise.resolve()
    const done = before.then(work).catch((error: unknown) => {
      logger.error('what jobs did was not written', { project: projectId, error })
    })
    writing.set(projectId, done)
    void done.then(() => writing.get(projectId) === done && writing.delete(projectId))
    return done
  }

  async function prune(projectId: string, notes: readonly JobNote[]): Promise<void> {
    const seen = fresh.get(projectId) ?? { count: 0, keys: new Set<string>() }
    fresh.set(projectId, seen)
    for (const { key } of notes) seen.keys.add(key)
    seen.count += notes.length
    if (seen.count < PRUNE_EVERY) return
    fresh.delete(projectId)
    await repo.prune(projectId, [...seen.keys])
  }

  return {
    async marks(projectId) {
      await writing.get(projectId)
      return repo.marks(projectId)
    },
    async marksOf(projectIds) {
      await Promise.all(projectIds.map(async (projectId) => writing.get(projectId)))
      return repo.marksOf(projectIds)
    },
    report(run: JobRun, { notes, attended }: JobReport) {
      if (removed.has(run.projectId)) return
      void write(run.projectId, async () => {
        const marks = Object.entries(attended).map(([key, atMs]) => [key, { attendedAt: new Date(atMs) }])
        await repo.mark(run.projectId, Object.fromEntries(marks), new Date(clock.now()))
        await repo.save(notes.map((note) => toDoc(run, note)))
        await prune(run.projectId, notes)
      })
    },
    runEnded: ({ projectId, runId }) => write(projectId, () => repo.interrupt(new Date(clock.now()), runId)),
    recover: () => repo.interrupt(new Date(clock.now())),
    async removeProject(projectId) {
      removed.add(projectId)
      await writing.get(projectId)
      fresh.delete(projectId)
      await repo.removeProject(projectId)
    },
  }
}

function toDoc({ projectId, runId, source, branch }: JobRun, note: JobNote): JobTimeDoc {
  const { n, key, trigger, plannedMs, startedMs, endedMs, error, skipped, times } = note
  return {
    _id: `${runId}:${String(n).padStart(9, '0')}`,
    projectId,
    runId,
    source,
    branch,
    key,
    trigger,
    plannedAt: new Date(plannedMs),
    startedAt: new Date(startedMs),
    endedAt: endedMs === undefined ? null : new Date(endedMs),
    result: resultOf(note),
    skipped: skipped ?? null,
    times: times ?? 1,
    error: error ?? null,
  }
}

function resultOf({ endedMs, error, skipped }: JobNote): JobResult {
  if (skipped) return 'skipped'
  if (endedMs === undefined) return 'running'
  if (!error) return 'done'
  if (error.code === 'RUN_OVER') return 'interrupted'
  return error.code === 'SERVICE_HANDLER_TIMEOUT' ? 'timed-out' : 'failed'
}
