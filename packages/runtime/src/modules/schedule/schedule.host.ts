import type { ArmOptions, HostContext, HostModule } from '../../module/define-module.ts'
import { createJob, type Job } from './job.host.ts'
import { SCHEDULE_FIRE, type JobInfo, type JobRequest } from './schedule.contract.ts'
import { scheduleErrors } from './schedule.errors.ts'

/** Longest delay a timer of Node takes; a job further away is looked at again then. */
const MAX_TIMER_MS = 2_147_000_000

/** Keeps the jobs of one run and fires them while the run is active. */
export function createScheduleHost(context: HostContext): HostModule {
  const jobs = new Jobs(context)
  return {
    calls: {
      add: ([request]) => jobs.add(request as JobRequest),
      cancel: ([id]) => jobs.cancel(id),
      pause: ([id]) => jobs.setPaused(id, true),
      resume: ([id]) => jobs.setPaused(id, false),
      list: () => jobs.list(),
      get: ([id]) => jobs.get(id),
    },
    controls: {
      list: () => jobs.list().map(figuresOf),
      pause: ([id]) => jobs.setPaused(id, true),
      resume: ([id]) => jobs.setPaused(id, false),
      run: ([id]) => jobs.runNow(id),
    },
    arm: ({ sinceMs }: ArmOptions) => jobs.arm(sinceMs),
    disarm: () => jobs.disarm(),
  }
}

class Jobs {
  readonly #context: HostContext
  readonly #jobs = new Map<string, Job>()
  #lastId = 0
  #armed = false

  constructor(context: HostContext) {
    this.#context = context
  }

  add(request: JobRequest): string {
    const { clock, limits } = this.#context
    if (this.#jobs.size >= limits.maxJobs)
      throw scheduleErrors.SCHEDULE_TOO_MANY_JOBS({ limit: limits.maxJobs })
    const job = createJob(`job_${++this.#lastId}`, request, clock.now())
    this.#jobs.set(job.info.id, job)
    this.#plan(job, clock.now())
    return job.info.id
  }

  cancel(id: unknown): boolean {
    const job = this.#jobs.get(String(id))
    if (!job) return false
    job.cancelled = true
    job.stopTimer?.()
    return this.#jobs.delete(job.info.id)
  }

  setPaused(id: unknown, paused: boolean): boolean {
    const job = this.#jobs.get(String(id))
    if (!job || job.info.status === 'one-time') return false
    // A paused job is paused again without complaint; one that runs cannot be resumed.
    if (job.paused === paused) return paused
    job.paused = paused
    job.info.status = paused ? 'paused' : 'active'
    if (paused) delete job.info.nextRun
    this.#plan(job, this.#context.clock.now())
    return true
  }

  list(): JobInfo[] {
    return [...this.#jobs.values()].map(({ info }) => ({ ...info }))
  }

  get(id: unknown): JobInfo | null {
    return this.#jobs.get(String(id))?.info ?? null
  }

  runNow(id: unknown): boolean {
    const job = this.#jobs.get(String(id))
    if (job) void this.#fire(job)
    return job !== undefined
  }

  arm(sinceMs: number | null): void {
    this.#armed = true
    const now = this.#context.clock.now()
    // What fell due while one run gave way to the other is this run's to do (each job once).
    for (const job of this.#jobs.values()) this.#plan(job, job.info.type === 'cron' ? (sinceMs ?? now) : now)
  }

  disarm(): void {
    this.#armed = false
    const now = this.#context.clock.now()
    for (const job of [...this.#jobs.values()]) {
      const isDue = job.stopTimer !== null && job.info.nextRun !== undefined && job.info.nextRun <= now
      job.stopTimer?.()
      job.stopTimer = null
      // Due, but its timer had not had its turn: the run that follows begins to count after this moment.
      if (isDue) void this.#fire(job)
    }
  }

  /** Computes when the job is due next, counting from `fromMs`, and waits for it while armed. */
  #plan(job: Job, fromMs: number): void {
    job.stopTimer?.()
    job.stopTimer = null
    if (job.paused || job.cancelled) return
    const next = job.nextAfter(fromMs)
    if (next === Infinity) delete job.info.nextRun
    else job.info.nextRun = next
    if (this.#armed && next !== Infinity) this.#wait(job, next)
  }

  #wait(job: Job, next: number): void {
    const { clock } = this.#context
    const delay = Math.max(0, next - clock.now())
    job.stopTimer = clock.after(Math.min(delay, MAX_TIMER_MS), () => {
      if (clock.now() < next) this.#wait(job, next)
      else this.#due(job, next)
    })
  }

  #due(job: Job, atMs: number): void {
    job.stopTimer = null
    const { type, skipIfRunning, id } = job.info
    if (!(skipIfRunning && job.running > 0)) void this.#fire(job)
    if (type === 'cron') this.#plan(job, Math.max(atMs, this.#context.clock.now()))
    else if (type !== 'interval') this.#jobs.delete(id)
  }

  async #fire(job: Job): Promise<void> {
    const { info } = job
    const { clock } = this.#context
    job.running++
    info.executionCount++
    info.lastRun = clock.now()
    try {
      const options = info.timeout === undefined ? {} : { timeoutMs: info.timeout }
      await this.#context.enter(SCHEDULE_FIRE, [info.id], options)
    } catch (error) {
      const what = info.expression ? `${info.id} (${info.expression})` : info.id
      this.#context.log('error', `Job ${what} failed: ${(error as Error).stack}`)
    } finally {
      job.running--
      // An interval counts from the end of a run to the beginning of the next.
      if (info.type === 'interval' && this.#armed) this.#plan(job, clock.now())
    }
  }
}

/** A job as the panel lists it. */
function figuresOf({
  id,
  type,
  status,
  expression,
  executionCount,
  lastRun,
  nextRun,
}: JobInfo): Record<string, unknown> {
  return {
    id,
    type,
    status,
    executionCount,
    ...(expression === undefined ? {} : { expression }),
    ...(lastRun === undefined ? {} : { lastRunMs: lastRun }),
    ...(nextRun === undefined ? {} : { nextRunMs: nextRun }),
  }
}
