import type { AppError, Clock } from '@m3m/base'
import type { JobNote, JobReport } from '../../supervisor/supervisor.port.ts'

/** Reports are sent so often; what began and ended in between is one note. */
const EVERY_MS = 1000
/** Notes of one report. A job every 100 ms makes ten a second; a service with hundreds of them tells of the newest. */
const MAX_NOTES = 100
const MAX_MESSAGE = 1000

/** Due times one note stands for at most; more are told as so many. */
export const MAX_TIMES = 1000

/** One time a job runs, until it has ended. */
export interface JobTime {
  ended(error?: unknown): void
}

/** Due times in a row that were left out for one reason: one note, whose number grows. */
export interface SkippedTimes {
  oneMore(): void
}

/** Collects what jobs did and tells it in batches. */
export class JobReports {
  readonly #send: (report: JobReport) => void
  readonly #clock: Clock
  readonly #notes = new Map<number, JobNote>()
  #attended: Record<string, number> = {}
  #cancel: (() => void) | null = null
  #last = 0

  constructor(send: (report: JobReport) => void, clock: Clock) {
    this.#send = send
    this.#clock = clock
  }

  began(of: Pick<JobNote, 'key' | 'trigger' | 'plannedMs' | 'times'>): JobTime {
    const note: JobNote = { n: ++this.#last, ...of, startedMs: this.#clock.now() }
    this.#add(note)
    return {
      ended: (error) => {
        const endedMs = this.#clock.now()
        this.#add({ ...note, endedMs, ...(error !== undefined && { error: failureOf(error) }) })
      },
    }
  }

  skipped(of: Required<Pick<JobNote, 'key' | 'plannedMs' | 'skipped' | 'times'>>): SkippedTimes {
    const nowMs = this.#clock.now()
    const trigger = of.skipped === 'missed' ? 'missed' : 'due'
    let note: JobNote = { n: ++this.#last, ...of, trigger, startedMs: nowMs, endedMs: nowMs }
    this.#add(note)
    return {
      oneMore: () => {
        const times = Math.min((note.times ?? 1) + 1, MAX_TIMES)
        note = { ...note, times, endedMs: this.#clock.now() }
        this.#add(note)
      },
    }
  }

  /**
   * Every due time of the job until then was looked after. `now`: told at once, where a time that is forgotten would be
   * made up for once more; else with the next report.
   */
  attended(key: string, untilMs: number, { now }: { now: boolean }): void {
    this.#attended[key] = untilMs
    if (now) this.flush()
    else this.#soon()
  }

  flush(): void {
    this.#cancel?.()
    this.#cancel = null
    const notes = [...this.#notes.values()].slice(-MAX_NOTES)
    const attended = this.#attended
    if (notes.length === 0 && Object.keys(attended).length === 0) return
    this.#notes.clear()
    this.#attended = {}
    this.#send({ notes, attended })
  }

  #add(note: JobNote): void {
    this.#notes.set(note.n, note)
    this.#soon()
  }

  #soon(): void {
    this.#cancel ??= this.#clock.after(EVERY_MS, () => this.flush())
  }
}

/** An error of the author's code brings its own text as stack: the first line names its class. The rest stands in the log. */
function failureOf(error: unknown): NonNullable<JobNote['error']> {
  const { code = 'SERVICE_ERROR', message, params, stack = '', position } = error as Error & Partial<AppError>
  const [first = ''] = stack.split('\n')
  const text = position && first.endsWith(message) ? first : message
  return {
    code,
    message: text.slice(0, MAX_MESSAGE),
    ...(params && { params }),
    ...(position && { position }),
  }
}
