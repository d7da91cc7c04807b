import { Cron } from 'croner'
import { MAX_TIMES, type SkippedTimes } from './job-reports.host.ts'
import { scheduleErrors } from './schedule.errors.ts'
import type { JobInfo, JobRequest, MissedPolicy } from './schedule.contract.ts'
import { parseDuration } from './duration.sandbox.ts'

/** Jobs more often than this are a busy loop in disguise. */
const LEAST_INTERVAL_MS = 100

/** One job and when it is due. */
export interface Job {
  readonly info: JobInfo
  /** The due time after `fromMs`, Infinity for none. */
  nextAfter(fromMs: number): number
  running: number
  paused: boolean
  cancelled: boolean
  stopTimer: (() => void) | null
  /** Times that came since it began last and found it running still. */
  overlaps: SkippedTimes | null
}

/** Longest name of a job: it stands in tables and in every line of its history. */
const MAX_NAME = 100

/** @throws SCHEDULE_EXPRESSION_INVALID, SCHEDULE_TIME_INVALID, SCHEDULE_OPTION_INVALID */
export function createJob(id: string, request: JobRequest, nowMs: number): Job {
  const name = nameOf(request)
  const base = {
    id,
    key: name ?? whatMakes(request),
    ...(name !== undefined && { name }),
    executionCount: 0,
    createdAt: nowMs,
  }
  const job = (info: JobInfo, nextAfter: (fromMs: number) => number): Job => ({
    info,
    nextAfter,
    running: 0,
    paused: false,
    cancelled: false,
    stopTimer: null,
    overlaps: null,
  })
  switch (request.type) {
    case 'cron':
      return cronJob(request, base, job)
    case 'interval': {
      const interval = parseDuration(request.interval)
      if (interval === null || interval < LEAST_INTERVAL_MS)
        throw invalid(
          request.interval,
          `a duration of at least ${LEAST_INTERVAL_MS} ms, as in "5s" or "1h30m"`,
        )
      return job({ ...base, type: 'interval', status: 'active', interval }, (fromMs) => fromMs + interval)
    }
    case 'once': {
      const at = request.at instanceof Date ? request.at.getTime() : Number(request.at)
      if (!Number.isFinite(at)) throw invalid(request.at, 'a Date or Unix milliseconds')
      return job({ ...base, type: 'once', status: 'one-time' }, () => at)
    }
    case 'delay': {
      const delay = parseDuration(request.ms)
      if (delay === null) throw invalid(request.ms, 'milliseconds, or a duration as in "5s"')
      return job({ ...base, type: 'delay', status: 'one-time', interval: delay }, () => nowMs + delay)
    }
    default:
      throw invalid(request, 'a known kind of job')
  }
}

/** Due times after `fromMs` until `toMs`; counted to 1,000, which stands for more. */
export function timesBetween(job: Job, fromMs: number, toMs: number): number {
  let count = 0
  for (let at = job.nextAfter(fromMs); at <= toMs && count < MAX_TIMES; at = job.nextAfter(at)) count++
  return count
}

/** A job without a name is known by this from run to run. */
function whatMakes(request: JobRequest): string {
  if (request.type === 'interval') return `every ${request.interval}`.slice(0, MAX_NAME)
  if (request.type !== 'cron') return request.type
  const zone = request.timezone ? ` ${request.timezone}` : ''
  return `cron ${String(request.expression).trim()}${zone}`.slice(0, MAX_NAME)
}

/** @throws SCHEDULE_OPTION_INVALID */
function nameOf({ name }: JobRequest): string | undefined {
  if (name === undefined) return undefined
  if (typeof name === 'string' && name.trim() !== '' && name.length <= MAX_NAME) return name
  throw scheduleErrors.SCHEDULE_OPTION_INVALID({
    option: 'name',
    expected: `a text of 1 to ${MAX_NAME} characters`,
  })
}

/** @throws SCHEDULE_OPTION_INVALID */
function missedOf(missed: unknown): MissedPolicy {
  if (missed === undefined || missed === 'skip') return 'skip'
  if (missed === 'once') return 'once'
  throw scheduleErrors.SCHEDULE_OPTION_INVALID({ option: 'missed', expected: '"skip" or "once"' })
}

type Base = Pick<JobInfo, 'id' | 'key' | 'name' | 'executionCount' | 'createdAt'>

function cronJob(
  request: Extract<JobRequest, { type: 'cron' }>,
  base: Base,
  job: (info: JobInfo, nextAfter: (fromMs: number) => number) => Job,
): Job {
  const { expression, timezone, every } = readExpression(request)
  const skipIfRunning = request.skipIfRunning !== false
  const timeout = timeoutOf(request.timeout)
  const info: JobInfo = {
    ...base,
    type: 'cron',
    status: 'active',
    expression: request.expression,
    skipIfRunning,
    missed: missedOf(request.missed),
    ...(timezone && timezone !== 'UTC' ? { timezone } : {}),
    ...(timeout === null ? {} : { timeout }),
  }
  if (every !== null) return job(info, (fromMs) => fromMs + every)
  const cron = parse(expression, timezone)
  return job(info, (fromMs) => cron.nextRun(new Date(fromMs))?.getTime() ?? Infinity)
}

// `CRON_TZ=Europe/Berlin 0 3 * * *` and `@every 90s` are what the original's parser took besides cron itself.
function readExpression(request: Extract<JobRequest, { type: 'cron' }>): {
  expression: string
  timezone: string
  every: number | null
} {
  const prefix = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(String(request.expression).trim())
  const expression = prefix ? prefix[2]! : String(request.expression).trim()
  const timezone = prefix ? prefix[1]! : String(request.timezone ?? 'UTC')
  const every = /^@every\s+(\S+)$/.exec(expression)
  return { expression, timezone, every: every ? parseDuration(every[1]) : null }
}

function parse(expression: string, timezone: string): Cron {
  if (!isTimezone(timezone))
    throw scheduleErrors.SCHEDULE_OPTION_INVALID({
      option: 'timezone',
      expected: `a name such as "Europe/Berlin", not "${timezone}"`,
    })
  try {
    return new Cron(expression, { paused: true, timezone, mode: '5-or-6-parts' })
  } catch (error) {
    throw scheduleErrors.SCHEDULE_EXPRESSION_INVALID({ expression, reason: (error as Error).message })
  }
}

/** @throws SCHEDULE_OPTION_INVALID */
function timeoutOf(timeout: unknown): number | null {
  if (timeout === undefined) return null
  const ms = parseDuration(timeout)
  if (ms !== null && ms > 0) return ms
  throw scheduleErrors.SCHEDULE_OPTION_INVALID({
    option: 'timeout',
    expected: `milliseconds, or a duration as in "5s", not "${String(timeout)}"`,
  })
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

function invalid(value: unknown, expected: string): Error {
  return scheduleErrors.SCHEDULE_TIME_INVALID({ value: String(value), expected })
}
