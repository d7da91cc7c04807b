/**
 * Writes lines into the log of the run. Texts stay as they are, errors come with the lines of their stack that lie in your
 * files, everything else as JSON. At most 1,000 lines a second for long; a line has at most 16 KB.
 */
interface LoggerModule {
  /** A line of level DEBUG. */
  debug(...values: unknown[]): void
  /** A line of level INFO. */
  info(...values: unknown[]): void
  /** A line of level WARN. */
  warn(...values: unknown[]): void
  /** A line of level ERROR. */
  error(...values: unknown[]): void
}
