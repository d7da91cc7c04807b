/** Facts of the run, known before the main file runs. */
export interface RunFacts {
  readonly project: { readonly id: string; readonly name: string; readonly slug: string }
  /** `release:1.2` or `debug:develop`. */
  readonly source: string
  readonly tag: string | null
  readonly runId: string
  /** Unix time in milliseconds. */
  readonly startedAtMs: number
  readonly limits: {
    readonly maxRoutes: number
    readonly responseBodyBytes: number
    readonly logLineBytes: number
  }
}

/** What rooms may ask of the prelude besides their lane. */
export interface Kernel {
  readonly facts: RunFacts
  /** What the host half's `bootData()` gave, or undefined. */
  bootData(module: string): unknown
  /** The handler of `context.enter('<module>.<event>', args)`; the last one registered wins. What it returns (or rejects with) goes back. */
  on(event: string, handler: (...args: unknown[]) => unknown): void
  /** Tells the host half something without waiting for an answer: `calls['<member>']` runs, its result is dropped. */
  tell(name: string, args: readonly unknown[]): void
  /** Writes a line into the log of the run. */
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void
  /** Says that a limit (its name in `runtime.limits`) was passed: counted, shown in the panel, a line of the log. */
  limited(limit: string, text: string): void
  /** The text of a thrown value as the log shows it: message and the author's own stack lines. Never throws. */
  describe(thrown: unknown): string
  /** An Error with `code`, as host calls throw them: for refusals that need no host. */
  error(code: string, message: string): Error
  /** Runs `fn` with everything thrown, now or later, written to the log as an ERROR line that begins with `what`. */
  guard(what: string, fn: () => unknown): void
}
