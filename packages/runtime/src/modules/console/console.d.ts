/** The same log as `logger`, by the names of the web. */
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
  /** A line of level DEBUG. */
  trace(...values: unknown[]): void
}
