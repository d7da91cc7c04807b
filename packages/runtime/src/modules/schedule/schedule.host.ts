import type { ArmOptions, HostContext, HostModule } from '../../module/define-module.ts'
import { createJob, type Job } from './job.host.ts'
import { SCHEDULE_FIRE, type JobInfo, type JobRequest } from './schedule.contract.ts'
import { scheduleErrors } from './schedule.errors.ts'

/** Longest delay a timer of Node takes; a job further away is looked at again then. */
const MAX_TIMER_MS = 2_147_000_000

/** Keeps the jobs of one run and fires them while the run is active. */
export function createScheduleHost(context: HostContext): HostModule {
  const jobs = new Map<string, Job>()
  const { clock } = context
  let lastId = 0
  let armed = false

  function add(request: JobRequest): string {
    if (jobs.size >= context.limits.maxJobs)
      throw scheduleErrors.SCHEDULE_TOO_MANY_JOBS({ limit: context.limits.maxJobs })
    const job = createJob(`job_${++lastId}`, request, clock.now())
    jobs.set(job.info.id, job)
    plan(job, clock.now())
    return job.info.id
  }

  /** Computes when the job is due next, counting from `fromMs`, and waits for it while armed. */
  function plan(job: Job, fromMs: number): void {
    job.stopTimer?.()
    job.stopTimer = null
    if (job.paused || job.cancelled) return
    const next = job.nextAfter(fromMs)
    if (next === Infinity) delete job.info.nextRun
    else job.info.nextRun = next
    if (armed && next !== Infinity) wait(job, next)
  }

  function wait(job: Job, next: number): void {
    const delay = Math.max(0, next - clock.now())
    job.stopTimer = clock.after(Math.min(delay, MAX_TIMER_MS), () => {
      if (clock.now() < next) wait(job, next)
      else due(job, next)
    })
  }

  function due(job: Job, atMs: number): void {
    job.stopTimer = null
    const { type } = job.info
    const repeats = type === 'cron'
    if (!(job.info.skipIfRunning && job.running > 0)) void fire(job)
    if (repeats) plan(job, Math.max(atMs, clock.now()))
    else if (type !== 'interval') jobs.delete(job.info.id)
  }

  async function fire(job: Job): Promise<void> {
    const { info } = job
    job.running++
    info.executionCount++
    info.lastRun = clock.now()
    try {
      await context.enter(
        SCHEDULE_FIRE,
        [info.id],
        info.timeout === undefined ? {} : { timeoutMs: info.timeout },
      )
    } catch (error) {
      context.log(
        'error',
        `Job ${info.id}${info.expression ? ` (${info.expression})` : ''} failed: ${(error as Error).stack}`,
      )
    } finally {
      job.running--
      // An interval counts from the end of a run to the beginning of the next.
      if (info.type === 'interval' && armed) plan(job, clock.now())
    }
  }

  function setPaused(id: unknown, paused: boolean): boolean {
    const job = jobs.get(String(id))
    if (!job || job.info.status === 'one-time') return false
    if (job.paused === paused) return paused
    job.paused = paused
    job.info.status = paused ? 'paused' : 'active'
    if (paused) delete job.info.nextRun
    plan(job, clock.now())
    return true
  }

  function cancel(id: unknown): boolean {
    const job = jobs.get(String(id))
    if (!job) return false
    job.cancelled = true
    job.stopTimer?.()
    return jobs.delete(job.info.id)
  }

  const list = (): JobInfo[] => [...jobs.values()].map(({ info }) => ({ ...info }))
  return {
    calls: {
      add: ([request]) => add(request as JobRequest),
      cancel: ([id]) => cancel(id),
      pause: ([id]) => setPaused(id, true),
      resume: ([id]) => setPaused(id, false),
      list,
      get: ([id]) => jobs.get(String(id))?.info ?? null,
    },
    controls: {
      list: () =>
        list().map(({ id, type, status, expression, executionCount, lastRun, nextRun }) => ({
          id,
          type,
          status,
          executionCount,
          ...(expression === undefined ? {} : { expression }),
          ...(lastRun === undefined ? {} : { lastRunMs: lastRun }),
          ...(nextRun === undefined ? {} : { nextRunMs: nextRun }),
        })),
      pause: ([id]) => setPaused(id, true),
      resume: ([id]) => setPaused(id, false),
      run: ([id]) => {
        const job = jobs.get(String(id))
        if (job) void fire(job)
        return job !== undefined
      },
    },
    arm({ sinceMs }: ArmOptions) {
      armed = true
      // What fell due while one run gave way to the other is this run's to do (each job once).
      for (const job of jobs.values())
        plan(job, job.info.type === 'cron' ? (sinceMs ?? clock.now()) : clock.now())
    },
    disarm() {
      armed = false
      const now = clock.now()
      for (const job of [...jobs.values()]) {
        const isDue = job.stopTimer !== null && job.info.nextRun !== undefined && job.info.nextRun <= now
        job.stopTimer?.()
        job.stopTimer = null
        // Due, but its timer had not had its turn: the run that follows begins to count after this moment.
        if (isDue) void fire(job)
      }
    },
  }
}
