/** The same log as `logger`, by the names and formats (`%s %d %i %f %o %O %c`) of the web. */
interface ConsoleModule {
  /** A line of level DEBUG. */
  debug(...values: unknown[]): void
  /** A line of level INFO. */
  log(...values: unknown[]): void
  /** A line of level INFO. */
  info(...values: unknown[]): void
  /** A line of level WARN. */
  warn(...values: unknown[]): void
  /** A line of level ERROR. */
  error(...values: unknown[]): void
  /** A line of level DEBUG with where it was called from. */
  trace(...values: unknown[]): void
  /** A line of level ERROR when the condition does not hold. */
  assert(condition?: unknown, ...values: unknown[]): void
  /** The value as JSON. */
  dir(value: unknown): void
  /** As `log`. */
  dirxml(...values: unknown[]): void
  /** Rows of a list or an object as a table of at most 200; `columns` chooses. */
  table(data: unknown, columns?: readonly string[]): void
  /** Indents what follows, after a line of its own if there are values. */
  group(...values: unknown[]): void
  /** As `group`. */
  groupCollapsed(...values: unknown[]): void
  /** Ends the innermost group. */
  groupEnd(): void
  /** How often it was called with this label (`default`). */
  count(label?: string): void
  /** Begins a count anew. */
  countReset(label?: string): void
  /** Starts a timer. */
  time(label?: string): void
  /** The time since, the timer goes on. */
  timeLog(label?: string, ...values: unknown[]): void
  /** The time since; the timer ends. */
  timeEnd(label?: string): void
  /** Ends all groups; lines of the log stay. */
  clear(): void
}
