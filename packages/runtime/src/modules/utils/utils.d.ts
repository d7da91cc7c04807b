/** Small helpers, and every member of `strings`. Synchronous in both spellings but for `sleep`. */
interface UtilsModule extends StringsModule {
  /**
   * Waits. In the `$` spelling the whole service stands still meanwhile, at most until the request's deadline.
   * @param ms Milliseconds; less than 0 counts as 0.
   */
  sleep(ms: number): Promise<void>
  /** Now, in Unix milliseconds. */
  timestamp(): number
  /** A random UUID of version 4, unpredictable. */
  uuid(): string
  /** A random number from 0 (inclusive) to 1 (exclusive). */
  random(): number
  /** A random integer from `min` (inclusive) to `max` (exclusive); `min` when `min >= max`. */
  randomInt(min: number, max: number): number
  /**
   * A moment as text, in UTC. Tokens: `YYYY MM DD HH mm ss SSS`; everything else stays.
   * @param at Unix milliseconds or a Date.
   * @param pattern Default `'YYYY-MM-DD HH:mm:ss'`.
   * @returns `''` for what is no moment.
   */
  formatDate(at: number | Date, pattern?: string): string
  /**
   * Unix milliseconds of a text of exactly that form, read as UTC.
   * @param pattern Default `'YYYY-MM-DD HH:mm:ss'`.
   * @returns `null` (in the `$` spelling `0`) when the text has another form or names a day that does not exist.
   */
  parseDate(text: string, pattern?: string): number | null
  /**
   * Every match of a pattern (RE2 or JavaScript syntax).
   * @returns `[]` when there is none, or the pattern is not valid.
   */
  regexMatch(text: string, pattern: string): string[]
  /**
   * Every match replaced; `$1`, `${name}` and `$$` in the replacement as in Go.
   * @returns The text itself when the pattern is not valid.
   */
  regexReplace(text: string, pattern: string, replacement: string): string
}
