import type { ArmOptions, HostContext, HostModule } from '../../module/define-module.ts'
import type { JobNote } from '../../supervisor/supervisor.port.ts'
import { JobReports } from './job-reports.host.ts'
import { createJob, timesBetween, type Job } from './job.host.ts'
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
      list: () => jobs.figures(),
      pause: ([id]) => jobs.setPaused(id, true),
      resume: ([id]) => jobs.setPaused(id, false),
      run: ([id]) => jobs.runNow(id),
    },
    arm: ({ sinceMs }: ArmOptions) => jobs.arm(sinceMs),
    disarm: () => jobs.disarm(),
    [Symbol.asyncDispose]: async () => jobs.end(),
  }
}

class Jobs {
  readonly #context: HostContext
  readonly #reports: JobReports
  readonly #jobs = new Map<string, Job>()
  #lastId = 0
  #armed = false
  /** Times before this were looked after by the run before. */
  #attendedMs = 0

  constructor(context: HostContext) {
    this.#context = context
    this.#reports = new JobReports((report) => context.jobs.report(report), context.clock)
  }

  add(request: JobRequest): string {
    const { clock, limits } = this.#context
    if (this.#jobs.size >= limits.maxJobs)
      throw scheduleErrors.SCHEDULE_TOO_MANY_JOBS({ limit: limits.maxJobs })
    const job = createJob(`job_${++this.#lastId}`, request, clock.now())
    job.info.key = this.#freeKey(job)
    this.#jobs.set(job.info.id, job)
    // Paused in the panel, before this run.
    if (this.#context.jobs.marks[job.info.key]?.paused) this.setPaused(job.info.id, true)
    else if (this.#armed) this.#catchUp(job)
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
    // What came meanwhile was meant to be left out.
    else this.#attended(job)
    this.#plan(job, this.#context.clock.now())
    return true
  }

  list(): JobInfo[] {
    return [...this.#jobs.values()].map(({ info }) => ({ ...info }))
  }

  figures(): Record<string, unknown>[] {
    return [...this.#jobs.values()].map(figuresOf)
  }

  get(id: unknown): JobInfo | null {
    return this.#jobs.get(String(id))?.info ?? null
  }

  runNow(id: unknown): boolean {
    const job = this.#jobs.get(String(id))
    if (job) void this.#fire(job, 'by-hand', this.#context.clock.now())
    return job !== undefined
  }

  arm(sinceMs: number | null): void {
    this.#armed = true
    this.#attendedMs = sinceMs ?? 0
    const now = this.#context.clock.now()
    for (const job of [...this.#jobs.values()]) {
      this.#catchUp(job)
      // What fell due while one run gave way to the other is this run's to do (each job once).
      this.#plan(job, job.info.type === 'cron' ? (sinceMs ?? now) : now)
    }
  }

  end(): void {
    this.#reports.flush()
  }

  disarm(): void {
    this.#armed = false
    const now = this.#context.clock.now()
    for (const job of [...this.#jobs.values()]) {
      const isDue = job.stopTimer !== null && job.info.nextRun !== undefined && job.info.nextRun <= now
      job.stopTimer?.()
      job.stopTimer = null
      // Due, but its timer had not had its turn: the run that follows begins to count after this moment.
      if (isDue) void this.#fire(job, 'due', job.info.nextRun!)
    }
    this.#reports.flush()
  }

  /** Of two jobs made in the same way the second is known by its number: `every 5s #2`. */
  #freeKey({ info }: Job): string {
    if (info.status === 'one-time') return info.key
    const taken = new Set([...this.#jobs.values()].map((job) => job.info.key))
    let key = info.key
    for (let n = 2; taken.has(key); n++) key = `${info.key} #${n}`
    return key
  }

  /**
   * Times that came while nothing ran: made up for by one run, however many there were, or told as left out. A job seen for
   * the first time missed none.
   */
  #catchUp(job: Job): void {
    const { missed, key } = job.info
    if (missed === undefined || job.paused) return
    const now = this.#context.clock.now()
    const { attendedMs } = this.#context.jobs.marks[key] ?? {}
    if (attendedMs === undefined) return this.#attended(job)
    // After a switch the times since then are planned anew, by arm.
    if (this.#attendedMs !== 0) return
    const due = job.nextAfter(attendedMs)
    if (due > now) return
    const times = timesBetween(job, attendedMs, now)
    if (missed === 'once') return void this.#fire(job, 'missed', due, times)
    this.#reports.skipped({ key, plannedMs: due, skipped: 'missed', times })
    this.#attended(job)
  }

  /** What came until now is dealt with: nothing of it is missed after a crash. */
  #attended({ info: { missed, key } }: Job): void {
    if (missed) this.#reports.attended(key, this.#context.clock.now(), { now: missed === 'once' })
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
    if (skipIfRunning && job.running > 0) this.#overlaps(job, atMs)
    else void this.#fire(job, 'due', atMs)
    if (type === 'cron') this.#plan(job, Math.max(atMs, this.#context.clock.now()))
    else if (type !== 'interval') this.#jobs.delete(id)
  }

  #overlaps(job: Job, plannedMs: number): void {
    const { key, missed } = job.info
    if (job.overlaps) job.overlaps.oneMore()
    else job.overlaps = this.#reports.skipped({ key, plannedMs, skipped: 'overlap', times: 1 })
    if (missed === 'skip') this.#attended(job)
  }

  async #fire(job: Job, trigger: JobNote['trigger'], plannedMs: number, times = 1): Promise<void> {
    const { info } = job
    const { clock } = this.#context
    job.running++
    info.executionCount++
    info.lastRun = clock.now()
    job.overlaps = null
    if (trigger !== 'by-hand') this.#attended(job)
    const time = this.#reports.began({ key: info.key, trigger, plannedMs, ...(times > 1 && { times }) })
    try {
      const options = info.timeout === undefined ? {} : { timeoutMs: info.timeout }
      await this.#context.enter(SCHEDULE_FIRE, [info.id], options)
      time.ended()
    } catch (error) {
      time.ended(error)
      const what = info.name ?? info.expression
      this.#context.log(
        'error',
        `Job ${info.id}${what ? ` (${what})` : ''} failed: ${(error as Error).stack}`,
      )
    } finally {
      job.running--
      // An interval counts from the end of a run to the beginning of the next.
      if (info.type === 'interval' && this.#armed) this.#plan(job, clock.now())
    }
  }
}

/** A job as the panel lists it. */
function figuresOf({ info, running }: Job): Record<string, unknown> {
  const { id, key, name, type, status, expression, timezone, interval, missed } = info
  const { executionCount, lastRun, nextRun } = info
  return {
    id,
    key,
    type,
    status,
    executionCount,
    running,
    ...(name === undefined ? {} : { name }),
    ...(expression === undefined ? {} : { expression }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(interval === undefined ? {} : { intervalMs: interval }),
    ...(missed === undefined ? {} : { missed }),
    ...(lastRun === undefined ? {} : { lastRunMs: lastRun }),
    ...(nextRun === undefined ? {} : { nextRunMs: nextRun }),
  }
}
