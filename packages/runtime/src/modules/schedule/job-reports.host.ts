import type { AppError, Clock } from '@m3m/base'
import type { JobNote, JobReport } from '../../supervisor/supervisor.port.ts'

/** Reports are sent so often; what began and ended in between is one note. */
const EVERY_MS = 1000
/** Notes of one report. A job every 100 ms makes ten a second; a service with hundreds of them tells of the newest. */
const MAX_NOTES = 100
const MAX_MESSAGE = 1000

/** One time a job runs, until it has ended. */
export interface JobTime {
  ended(error?: unknown): void
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

  began(of: Pick<JobNote, 'key' | 'trigger' | 'plannedMs'>): JobTime {
    const note: JobNote = { n: ++this.#last, ...of, startedMs: this.#clock.now() }
    this.#add(note)
    return {
      ended: (error) => {
        const endedMs = this.#clock.now()
        this.#add({ ...note, endedMs, ...(error !== undefined && { error: failureOf(error) }) })
      },
    }
  }

  /** Told at once: a time that is forgotten would be made up for once more. */
  attended(key: string, untilMs: number): void {
    this.#attended[key] = untilMs
    this.flush()
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
    this.#cancel ??= this.#clock.after(EVERY_MS, () => this.flush())
  }
}

/** An error of the author's code brings its own text as stack: the first line names its class. The rest stands in the log. */
function failureOf(error: unknown): NonNullable<JobNote['error']> {
  const { code = 'SERVICE_ERROR', message, stack = '', position } = error as Error & Partial<AppError>
  const [first = ''] = stack.split('\n')
  const text = position && first.endsWith(message) ? first : message
  return { code, message: text.slice(0, MAX_MESSAGE), ...(position && { position }) }
}
