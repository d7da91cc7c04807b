import type { Clock } from '@m3m/base'
import type { z } from 'zod'
import type { SignedIn } from '../access/actor.schema.ts'
import type { RunControl } from '../actions/run-control.port.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { JobFigures, RunMeter } from '../metrics/run-meter.port.ts'
import type { RunsService } from '../runs/runs.service.ts'
import { jobsErrors } from './jobs.errors.ts'
import type { JobTimeDoc, JobsRepo } from './jobs.repo.ts'
import { delayedTasksSchema } from './jobs.schema.ts'
import type { DelayedTasks, JobTime, ScheduledJob, jobHistoryInput } from './jobs.schema.ts'

/** What the running services have scheduled, and what became of it. */
export interface JobsService {
  /** Of the live run; empty while nothing runs. */
  list(projectId: string): Promise<ScheduledJob[]>
  /** Newest first; the last 100 times of each job. */
  history(input: z.output<typeof jobHistoryInput>): Promise<JobTime[]>
  /** A pause lasts until somebody resumes the job, also in later runs. @throws JOBS_NO_JOB */
  control(actor: SignedIn, job: { projectId: string; jobId: string }, action: JobAction): Promise<void>
  /** Of the live run; none while nothing runs, or while it is too busy to answer. */
  delayed(projectId: string): Promise<DelayedTasks>
  /** One that has not begun. @throws JOBS_NO_TASK */
  cancelDelayed(actor: SignedIn, task: { projectId: string; taskId: string }): Promise<void>
}

export type JobAction = 'run' | 'pause' | 'resume'

export interface JobsDeps {
  repo: JobsRepo
  runs: Pick<RunsService, 'live'>
  meter: Pick<RunMeter, 'jobs' | 'controlJob'>
  control: RunControl
  audit: AuditService
  clock: Clock
}

const NO_TASKS: DelayedTasks = { waiting: 0, running: 0, tasks: [] }

export function createJobs({ repo, runs, meter, control, audit, clock }: JobsDeps): JobsService {
  const liveRun = async (projectId: string) =>
    (await runs.live()).find((run) => run.projectId === projectId)?.runId ?? null

  return {
    async list(projectId) {
      const runId = await liveRun(projectId)
      const jobs = runId ? await meter.jobs(runId) : []
      const keys = [...new Set(jobs.map(({ key }) => key))]
      const latest = new Map((await repo.latest(projectId, keys)).map((doc) => [doc.key, doc]))
      return jobs.map((job) => toJob(job, latest.get(job.key)))
    },
    async history({ projectId, before, key, limit }) {
      const last = before === undefined ? null : await repo.find(projectId, before)
      const docs = await repo.list(projectId, { limit, before: last, ...(key !== undefined && { key }) })
      return docs.map(toTime)
    },
    async control(actor, { projectId, jobId }, action) {
      const runId = await liveRun(projectId)
      const job = runId ? (await meter.jobs(runId)).find(({ id }) => id === jobId) : undefined
      if (!runId || !job || !(await meter.controlJob(runId, jobId, action)))
        throw jobsErrors.JOBS_NO_JOB({ jobId })
      if (action !== 'run')
        await repo.mark(projectId, { [job.key]: { paused: action === 'pause' } }, new Date(clock.now()))
      await audit.add(actor, { action: `jobs.${action}`, projectId, target: job.key })
    },
    async delayed(projectId) {
      const runId = await liveRun(projectId)
      const told = runId && (await control.control(runId, 'delayed.list', []).catch(() => null))
      return delayedTasksSchema.safeParse(told).data ?? NO_TASKS
    },
    async cancelDelayed(actor, { projectId, taskId }) {
      const runId = await liveRun(projectId)
      if (!runId || (await control.control(runId, 'delayed.cancel', [taskId])) !== true)
        throw jobsErrors.JOBS_NO_TASK({ taskId })
      await audit.add(actor, { action: 'jobs.cancelDelayed', projectId, target: taskId })
    },
  }
}

function toJob(job: JobFigures, latest: JobTimeDoc | undefined): ScheduledJob {
  const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString())
  return {
    id: job.id,
    key: job.key,
    name: job.name ?? null,
    type: job.type,
    status: job.status,
    expression: job.expression ?? null,
    timezone: job.timezone ?? null,
    intervalMs: job.intervalMs ?? null,
    missed: job.missed ?? null,
    runs: job.executionCount,
    running: job.running,
    lastRunAt: iso(job.lastRunMs) ?? latest?.startedAt.toISOString() ?? null,
    nextRunAt: iso(job.nextRunMs),
    last: latest ? toTime(latest) : null,
  }
}

function toTime(doc: JobTimeDoc): JobTime {
  const { key, trigger, result, runId, source, branch, skipped, times = 1, error } = doc
  return {
    id: doc._id,
    key,
    trigger,
    plannedAt: doc.plannedAt.toISOString(),
    startedAt: doc.startedAt.toISOString(),
    endedAt: doc.endedAt?.toISOString() ?? null,
    result,
    runId,
    source,
    branch,
    times,
    ...(skipped && { skipped }),
    ...(error && { error }),
  }
}
