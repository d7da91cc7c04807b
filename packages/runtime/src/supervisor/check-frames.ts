// To the agent a runner is a hostile peer: nothing of it is used before it has passed here.
import { Buffer } from 'node:buffer'
import { FrameBreach } from '../frames/frame.ts'
import type { ErrorShape } from '@m3m/base'
import type { JobNote, JobReport } from './supervisor.port.ts'
import { HEADER_NAME, HEADER_VALUE, MAX_HEADER_BYTES, MAX_HEADERS } from '../sandbox/wire.contract.ts'
import type { RunnerFigures } from '../runner/runner.wire.ts'
import type { CheckedAnswer } from './stream-owner.ts'

/** Larger than any limit of a response that can be configured. */
const MAX_LENGTH = 2 ** 40

/** Answers of a head frame. Each is `[stream, answer]`; null for an answer that cannot be sent as it is. @throws FrameBreach */
export function checkAnswers(text: string): [stream: number, answer: CheckedAnswer | null][] {
  let list: unknown
  try {
    list = JSON.parse(`[${text}]`)
  } catch {
    throw new FrameBreach('answers that are no JSON')
  }
  return (list as unknown[]).map((item) => {
    if (!Array.isArray(item) || !isWhole(item[0], 1, 0xffffffff))
      throw new FrameBreach('an answer without a stream')
    return [item[0], answerOf(item)]
  })
}

function answerOf(item: unknown[]): CheckedAnswer | null {
  const [, status, headers, body, route, more, file = null, length = null] = item
  if (!isWhole(more, 0, 2) || typeof body !== 'string' || !isWhole(route, -1, 100_000)) return null
  const valid = more === 2 ? status === 101 : isWhole(status, 200, 599)
  if (!valid || !checkHeaders(headers)) return null
  const checkedFile = file === null ? null : fileOf(file)
  if (file !== null && !checkedFile) return null
  if (length !== null && !(more === 1 && isWhole(length, 0, MAX_LENGTH))) return null
  return {
    status: status as number,
    headers,
    body,
    route,
    more: more as 0 | 1 | 2,
    file: checkedFile,
    length,
  }
}

function checkHeaders(headers: unknown): headers is number | string[] {
  if (typeof headers === 'number') return isWhole(headers, 0, 3)
  if (!Array.isArray(headers) || headers.length % 2 !== 0 || headers.length > MAX_HEADERS * 2) return false
  let bytes = 0
  for (let i = 0; i < headers.length; i += 2) {
    const name: unknown = headers[i]
    const value: unknown = headers[i + 1]
    if (
      typeof name !== 'string' ||
      typeof value !== 'string' ||
      !HEADER_NAME.test(name) ||
      !HEADER_VALUE.test(value)
    )
      return false
    bytes += name.length + value.length
  }
  return bytes <= MAX_HEADER_BYTES
}

function fileOf(file: unknown): CheckedAnswer['file'] {
  if (typeof file !== 'object' || file === null) return null
  const { path, download, maxAge } = file as Record<string, unknown>
  if (typeof path !== 'string' || path.length > 1000) return null
  if (download !== undefined && (typeof download !== 'string' || download.length > 255)) return null
  if (maxAge !== undefined && !(typeof maxAge === 'number' && maxAge >= 0)) return null
  return {
    path,
    ...(download === undefined ? {} : { download }),
    ...(maxAge === undefined ? {} : { maxAge }),
  }
}

/** The head of a credit frame. @throws FrameBreach */
export function checkCredit(head: string): number {
  const bytes = Number(head)
  if (!isWhole(bytes, 0, 16 * 1024 * 1024)) throw new FrameBreach('a credit that is no number')
  return bytes
}

/** The head of a result frame. @throws FrameBreach */
export function checkResult(head: string): { id: number; ok: boolean; value: unknown } {
  const [id, ok, value] = listOf(head, 'a result')
  if (!isWhole(id, 1, 0x7fffffff) || (ok !== 0 && ok !== 1)) throw new FrameBreach('a result of no call')
  return { id, ok: ok === 1, value }
}

/** The head of a control frame. @throws FrameBreach */
export function checkControl(head: string): [what: string, ...rest: unknown[]] {
  const list = listOf(head, 'a control')
  if (typeof list[0] !== 'string') throw new FrameBreach('a control without a name')
  return list as [string, ...unknown[]]
}

/** A runner's report. @throws FrameBreach */
export function checkFigures(head: string): RunnerFigures {
  const figures = parse(head, 'figures') as Partial<RunnerFigures> | null
  const numbers = figures && [figures.cpuMs, figures.rssBytes, figures.lagMs]
  const runs = figures?.runs
  if (!numbers?.every((number) => Number.isFinite(number)) || !Array.isArray(runs) || runs.length > 10_000)
    throw new FrameBreach('figures that are none')
  for (const run of runs as unknown[])
    if (!Array.isArray(run) || run.length !== 3 || !run.every((number) => Number.isFinite(number)))
      throw new FrameBreach('figures of a run that are none')
  return figures as RunnerFigures
}

const MAX_JOB_NOTES = 100
const MAX_JOBS = 1000
const TRIGGERS = ['due', 'missed', 'by-hand']
const SKIPPED = ['overlap', 'missed']
const MAX_JOB_TIMES = 1000

/** What a runner tells of jobs. @throws FrameBreach */
export function checkJobReport(value: unknown): JobReport {
  const { notes, attended } = (value ?? {}) as Record<string, unknown>
  const marks = Object.entries(attended ?? {})
  if (
    !Array.isArray(notes) ||
    notes.length > MAX_JOB_NOTES ||
    marks.length > MAX_JOBS ||
    !notes.every(isJobNote)
  )
    throw new FrameBreach('a report of jobs that is none')
  if (!marks.every(([key, atMs]) => isJobKey(key) && isTime(atMs)))
    throw new FrameBreach('a mark of a job that is none')
  return {
    notes: (notes as JobNote[]).map(({ n, key, trigger, plannedMs, startedMs, endedMs, ...more }) => ({
      n,
      key,
      trigger,
      plannedMs,
      startedMs,
      ...(endedMs !== undefined && { endedMs }),
      ...(more.error && { error: failureOf(more.error) }),
      ...(more.skipped && { skipped: more.skipped }),
      ...(more.times !== undefined && { times: more.times }),
    })),
    attended: Object.fromEntries(marks) as Record<string, number>,
  }
}

function failureOf(value: unknown): NonNullable<JobNote['error']> {
  const { code, message, params, position } = checkError(value)
  return { code, message, ...(params && { params }), ...(position && { position }) }
}

function isJobNote(value: unknown): value is JobNote {
  const { n, key, trigger, plannedMs, startedMs, endedMs, skipped, times } = (value ?? {}) as Record<
    string,
    unknown
  >
  return (
    isWhole(n, 1, Number.MAX_SAFE_INTEGER) &&
    isJobKey(key) &&
    TRIGGERS.includes(trigger as string) &&
    isTime(plannedMs) &&
    isTime(startedMs) &&
    (endedMs === undefined || isTime(endedMs)) &&
    (skipped === undefined || SKIPPED.includes(skipped as string)) &&
    (times === undefined || isWhole(times, 1, MAX_JOB_TIMES))
  )
}

// A name or cron text of at most 100 characters, and its number among equals.
const isJobKey = (key: unknown): boolean => typeof key === 'string' && key.length > 0 && key.length <= 110
// What a Date can be (ECMA-262, 21.4.1.1).
const isTime = (ms: unknown): boolean => Number.isFinite(ms) && Math.abs(ms as number) <= 8.64e15

/** An error a runner reports. What is malformed becomes a plain one. */
export function checkError(value: unknown): ErrorShape {
  const { code, blame, status, message, params, position } = (value ?? {}) as Record<string, unknown>
  const shape: ErrorShape = {
    code: typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(code) ? code : 'RUN_BOOT_FAILED',
    blame: blame === 'host' || blame === 'bug' ? blame : 'user',
    status: isWhole(status, 400, 599) ? status : 500,
    message: typeof message === 'string' ? message.slice(0, 4000) : 'The service failed.',
  }
  const named = paramsOf(params)
  const at = positionOf(position)
  return { ...shape, ...(named && { params: named }), ...(at && { position: at }) }
}

/** As many values as a text may name. */
const MAX_PARAMS = 20

function paramsOf(value: unknown): ErrorShape['params'] {
  const kept: Record<string, string | number> = {}
  const pairs: [string, unknown][] = typeof value === 'object' && value !== null ? Object.entries(value) : []
  for (const [name, each] of pairs.slice(0, MAX_PARAMS)) {
    if (!/^[a-z]\w{0,39}$/i.test(name)) continue
    if (typeof each === 'string') kept[name] = each.slice(0, 1000)
    else if (typeof each === 'number' && Number.isFinite(each)) kept[name] = each
  }
  return Object.keys(kept).length > 0 ? kept : undefined
}

function positionOf(value: unknown): ErrorShape['position'] {
  const { file, line, column } = (value ?? {}) as Record<string, unknown>
  if (typeof file !== 'string' || !isWhole(line, 1, 1e7) || !isWhole(column, 1, 1e7)) return undefined
  return { file: file.slice(0, 500), line, column }
}

function listOf(head: string, what: string): unknown[] {
  const list = parse(head, what)
  if (!Array.isArray(list)) throw new FrameBreach(`${what} that is no list`)
  return list
}

function parse(head: string, what: string): unknown {
  if (Buffer.byteLength(head) > 1024 * 1024) throw new FrameBreach(`${what} that is too long`)
  try {
    return JSON.parse(head)
  } catch {
    throw new FrameBreach(`${what} that is no JSON`)
  }
}

export function isWhole(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
}
