// Which limits a run passed, how often, and a line of its log for it: throttled, for whoever floods a limit must not
// flood the log by it.

/** Limits that are counted, by their names in `runtime.limits`. */
const LIMITS = [
  'memoryMb',
  'cpuStretchMs',
  'requestWallMs',
  'requestBodyBytes',
  'responseBodyBytes',
  'maxRoutes',
  'maxJobs',
  'delayedQueue',
  'storageQuotaBytes',
] as const
export type NotedLimit = (typeof LIMITS)[number]

export function isNotedLimit(value: unknown): value is NotedLimit {
  return (LIMITS as readonly unknown[]).includes(value)
}

const LIMIT_OF_CODE: Readonly<Record<string, NotedLimit>> = {
  RUN_MEMORY_LIMIT: 'memoryMb',
  RUN_CPU_LIMIT: 'cpuStretchMs',
  SCHEDULE_TOO_MANY_JOBS: 'maxJobs',
  DELAYED_QUEUE_FULL: 'delayedQueue',
  STORAGE_QUOTA: 'storageQuotaBytes',
}

/** The limit that an error says was passed; null for any other error. */
export function limitOfCode(code: string): NotedLimit | null {
  return LIMIT_OF_CODE[code] ?? null
}

interface Window {
  more: number
  timer: NodeJS.Timeout
}

export interface LimitNotesOptions {
  /** So many more times. */
  report(limit: NotedLimit, times: number): void
  log(text: string): void
}

/** One line a limit and second. */
const WINDOW_MS = 1_000

/** Notes of one run. */
export class LimitNotes implements Disposable {
  readonly #options: LimitNotesOptions
  readonly #windows = new Map<NotedLimit, Window>()

  constructor(options: LimitNotesOptions) {
    this.#options = options
  }

  /** @param text what happened, as the author should read it. */
  note(limit: NotedLimit, text: string): void {
    const window = this.#windows.get(limit)
    if (window) {
      window.more++
      return
    }
    const timer = setTimeout(() => this.#close(limit), WINDOW_MS)
    timer.unref()
    this.#windows.set(limit, { more: 0, timer })
    this.#options.report(limit, 1)
    this.#options.log(`Limit ${limit}: ${text}`)
  }

  /** Reports what is still held. */
  [Symbol.dispose](): void {
    for (const limit of this.#windows.keys()) this.#close(limit)
  }

  #close(limit: NotedLimit): void {
    const { more, timer } = this.#windows.get(limit)!
    clearTimeout(timer)
    this.#windows.delete(limit)
    if (more === 0) return
    this.#options.report(limit, more)
    this.#options.log(`Limit ${limit}: passed ${more} more ${more === 1 ? 'time' : 'times'} within a second.`)
  }
}
