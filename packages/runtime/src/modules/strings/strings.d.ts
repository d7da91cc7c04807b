/** Texts: slugs, cases, cutting, escaping, templates. Everything is synchronous in both spellings. */
interface StringsModule {
  /**
   * Makes a slug: lower case, blanks as hyphens, other scripts in Latin letters, nothing but `a-z`, `0-9` and `-`.
   * @returns `''` when nothing is left.
   */
  slugify(text: string): string
  /** Latin letters for Cyrillic, Greek, Armenian, Georgian and letters with marks; what has no Latin form stays. */
  transliterate(text: string): string
  /**
   * At most `length` characters; where something was cut off, `suffix` follows.
   * @param suffix Default `'...'`. With a length of 0 or less only the suffix comes back.
   */
  truncate(text: string, length: number, suffix?: string): string
  /** First character in upper case, the rest as it is. */
  capitalize(text: string): string
  /** `'hello big world'` → `'helloBigWorld'`. */
  camelCase(text: string): string
  /** `'hello big world'` → `'HelloBigWorld'`. */
  pascalCase(text: string): string
  /** `'helloBigWorld'` → `'hello_big_world'`. */
  snakeCase(text: string): string
  /** `'helloBigWorld'` → `'hello-big-world'`. */
  kebabCase(text: string): string
  /** Every word with a capital: `'hello big world'` → `'Hello Big World'`. */
  titleCase(text: string): string
  /** How alike two texts are, from 0 to 1 (Levenshtein distance over the longer length; the first 5,000 characters of each). */
  similarity(one: string, other: string): number
  /** Words of letters and digits; `don't` and `well-known` are one each. */
  wordCount(text: string): number
  /** Characters, not UTF-16 units: an emoji counts as 1. */
  length(text: string): number
  /** The characters in reverse order. */
  reverse(text: string): string
  /** The lines, whatever their line breaks. */
  lines(text: string): string[]
  /** Without blanks at both ends. */
  trim(text: string): string
  /**
   * Fills up at the front to `length`.
   * @param fill Default a blank.
   * @throws STRINGS_TOO_LONG beyond 1,000,000 characters.
   */
  padStart(text: string, length: number, fill?: string): string
  /**
   * Fills up at the end to `length`.
   * @param fill Default a blank.
   * @throws STRINGS_TOO_LONG beyond 1,000,000 characters.
   */
  padEnd(text: string, length: number, fill?: string): string
  /**
   * The text `count` times.
   * @throws STRINGS_TOO_LONG beyond 1,000,000 characters.
   */
  repeat(text: string, count: number): string
  /** `& < > " '` as references: safe between tags and in quoted attributes. */
  escapeHtml(text: string): string
  /** References as characters: numeric ones and the usual names; unknown names stay. */
  unescapeHtml(text: string): string
  /** The readable text of a piece of HTML. Not a way to make HTML safe: use `escapeHtml`. */
  stripHtml(html: string): string
  /**
   * Fills `{{ path.to.value }}` from the data, escaped for HTML, and `{{{ path }}}` as it is. What is missing is
   * empty, objects come as JSON.
   */
  template(text: string, data?: object): string
  /**
   * Unpredictable characters, good for tokens.
   * @param length Default 16.
   * @param alphabet `'alnum'` (default), `'alpha'`, `'digits'`, `'hex'`, `'lower'`, or the characters themselves.
   * @throws STRINGS_TOO_LONG beyond 1,000,000 characters.
   */
  randomString(length?: number, alphabet?: string): string
  /**
   * Hides the middle: `mask('4111111111111111')` → `'************1111'`. A text too short for that is hidden whole.
   * @param options Characters left readable at the `start` (default 0) and `end` (default 4), and the `char` (default `*`).
   */
  mask(text: string, options?: { start?: number; end?: number; char?: string }): string
}
