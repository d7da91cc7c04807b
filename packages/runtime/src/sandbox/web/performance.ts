// performance: High Resolution Time, and User Timing's marks and measures.
import { BEGAN_AT_MS as origin } from '../run-clock.ts'
import { DOMException } from './dom-exception.ts'
import { EventTarget } from './events.ts'
import { webInterface } from './interface.ts'

const MAX_ENTRIES = 1000
let last = 0

/** Milliseconds since the run began, never going back. Whole: finer clocks help nobody here but those who spy. */
const now = (): number => (last = Math.max(last, Date.now() - origin))

class PerformanceEntry {
  readonly name: string
  readonly entryType: string
  readonly startTime: number
  readonly duration: number
  readonly detail: unknown
  constructor(
    entryType: string,
    name: string,
    times: { startTime: number; duration: number },
    detail: unknown,
  ) {
    this.name = name
    this.entryType = entryType
    this.startTime = times.startTime
    this.duration = times.duration
    this.detail = detail ?? null
  }
  toJSON(): object {
    return { ...this }
  }
}

interface MeasureOptions {
  start?: string | number
  end?: string | number
  duration?: number
  detail?: unknown
}

export class Performance extends EventTarget {
  #entries: PerformanceEntry[] = []

  get timeOrigin(): number {
    return origin
  }
  now(): number {
    return now()
  }
  mark(name: unknown, options: { startTime?: number; detail?: unknown } = {}): PerformanceEntry {
    const startTime = options.startTime ?? now()
    return this.#add(new PerformanceEntry('mark', String(name), { startTime, duration: 0 }, options.detail))
  }
  measure(name: unknown, from?: string | MeasureOptions, to?: string): PerformanceEntry {
    const { start, end, duration, detail } =
      typeof from === 'object' ? from : ({ start: from, end: to } as MeasureOptions)
    const ends =
      end !== undefined ? this.#time(end) : duration !== undefined ? this.#time(start ?? 0) + duration : now()
    const startTime = start !== undefined ? this.#time(start) : duration !== undefined ? ends - duration : 0
    const times = { startTime, duration: ends - startTime }
    return this.#add(new PerformanceEntry('measure', String(name), times, detail))
  }
  getEntries(): PerformanceEntry[] {
    return [...this.#entries].sort((a, b) => a.startTime - b.startTime)
  }
  getEntriesByType(type: unknown): PerformanceEntry[] {
    return this.getEntries().filter(({ entryType }) => entryType === String(type))
  }
  getEntriesByName(name: unknown, type?: unknown): PerformanceEntry[] {
    return this.getEntries().filter(
      (entry) => entry.name === String(name) && (type === undefined || entry.entryType === String(type)),
    )
  }
  clearMarks(name?: unknown): void {
    this.#clear('mark', name)
  }
  clearMeasures(name?: unknown): void {
    this.#clear('measure', name)
  }
  toJSON(): object {
    return { timeOrigin: origin }
  }
  #add(entry: PerformanceEntry): PerformanceEntry {
    this.#entries.push(entry)
    // The oldest go: marks are for looking at, not for keeping.
    if (this.#entries.length > MAX_ENTRIES) this.#entries.shift()
    return entry
  }
  #time(mark: string | number): number {
    if (typeof mark === 'number') return mark
    const found = this.#entries.findLast((entry) => entry.entryType === 'mark' && entry.name === mark)
    if (found) return found.startTime
    throw new DOMException(`There is no mark "${mark}".`, 'SyntaxError')
  }
  #clear(type: string, name: unknown): void {
    this.#entries = this.#entries.filter(
      (entry) => entry.entryType !== type || (name !== undefined && entry.name !== String(name)),
    )
  }
}
webInterface(Performance, 'Performance')

export const performance = new Performance()
