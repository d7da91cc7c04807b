// The members of `strings`, which `utils` has too (runtime-api: `$utils` is the union of both).
import type { Kernel } from '../kernel.port.ts'
import { randomInt } from '../random.ts'
import { escapeHtml, stripHtml, unescapeHtml } from './html.ts'
import { slugify, transliterate } from './slug.ts'
import { capitalize, similarity, truncate, wordsOf } from './words.ts'

/** Longest result of functions that can make text grow (`repeat`, `padStart`, `padEnd`, `randomString`), in characters. */
const MAX_RESULT_CHARS = 1_000_000

const ALPHABETS: Record<string, string> = {
  alnum: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  alpha: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  digits: '0123456789',
  hex: '0123456789abcdef',
  lower: 'abcdefghijklmnopqrstuvwxyz0123456789',
}

/** What an author passes as text: nothing is the empty text, everything else its own text. */
const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value))
const lengthOf = (value: unknown): number => Math.trunc(Number(value)) || 0

/** The members for one spelling. */
export function createStrings(kernel: Kernel) {
  const bounded = (call: string, length: number): number => {
    if (length <= MAX_RESULT_CHARS) return Math.max(0, length)
    throw kernel.error(
      'STRINGS_TOO_LONG',
      `"${call}" would make a text of ${length} characters; ${MAX_RESULT_CHARS} are allowed.`,
    )
  }
  return {
    slugify: (text: unknown) => slugify(textOf(text)),
    transliterate: (text: unknown) => transliterate(textOf(text)),
    truncate: (text: unknown, length: unknown, suffix?: unknown) =>
      truncate(textOf(text), lengthOf(length), suffix === undefined ? '...' : textOf(suffix)),
    capitalize: (text: unknown) => capitalize(textOf(text)),
    ...cases,
    ...searching,
    padStart: (text: unknown, length: unknown, fill?: unknown) =>
      textOf(text).padStart(
        bounded('strings.padStart', lengthOf(length)),
        fill === undefined ? ' ' : textOf(fill),
      ),
    padEnd: (text: unknown, length: unknown, fill?: unknown) =>
      textOf(text).padEnd(
        bounded('strings.padEnd', lengthOf(length)),
        fill === undefined ? ' ' : textOf(fill),
      ),
    repeat: (text: unknown, count: unknown) => {
      const times = Math.max(0, lengthOf(count))
      bounded('strings.repeat', textOf(text).length * times)
      return textOf(text).repeat(times)
    },
    escapeHtml: (text: unknown) => escapeHtml(textOf(text)),
    unescapeHtml: (text: unknown) => unescapeHtml(textOf(text)),
    stripHtml: (text: unknown) => stripHtml(textOf(text)),
    template: (text: unknown, data?: unknown) => fillTemplate(textOf(text), data),
    randomString: (length: unknown = 16, alphabet: unknown = 'alnum') =>
      randomString(bounded('strings.randomString', lengthOf(length)), textOf(alphabet)),
    mask: (text: unknown, options: unknown = {}) => mask(textOf(text), (options ?? {}) as MaskOptions),
  }
}

const cases = {
  camelCase: (text: unknown) => {
    const [first = '', ...rest] = wordsOf(textOf(text)).map((word) => word.toLowerCase())
    return first + rest.map(capitalize).join('')
  },
  pascalCase: (text: unknown) =>
    wordsOf(textOf(text))
      .map((word) => capitalize(word.toLowerCase()))
      .join(''),
  snakeCase: (text: unknown) => wordsOf(textOf(text)).join('_').toLowerCase(),
  kebabCase: (text: unknown) => wordsOf(textOf(text)).join('-').toLowerCase(),
  titleCase: (text: unknown) =>
    textOf(text).replace(/[\p{L}\p{N}]+/gu, (word) => capitalize(word.toLowerCase())),
}

const searching = {
  similarity: (one: unknown, other: unknown) => similarity(textOf(one), textOf(other)),
  wordCount: (text: unknown) =>
    (textOf(text).match(/[\p{L}\p{N}]+(?:['\u2019-][\p{L}\p{N}]+)*/gu) ?? []).length,
  /** Characters, not UTF-16 units. */
  length: (text: unknown) => Array.from(textOf(text)).length,
  reverse: (text: unknown) => Array.from(textOf(text)).reverse().join(''),
  lines: (text: unknown) => textOf(text).split(/\r\n|[\n\r]/),
  trim: (text: unknown) => textOf(text).trim(),
}

/** `{{ path.to.value }}` from the data, escaped for HTML; `{{{ … }}}` as it is. What is missing is empty. */
function fillTemplate(text: string, data: unknown): string {
  return text.replace(/\{\{\{\s*([\w$.-]+)\s*\}\}\}|\{\{\s*([\w$.-]+)\s*\}\}/g, (_all, raw, escaped) => {
    const value = valueAt(data, (raw ?? escaped) as string)
    const shown = typeof value === 'object' && value !== null ? JSON.stringify(value) : textOf(value)
    return raw === undefined ? escapeHtml(shown) : shown
  })
}

function valueAt(data: unknown, path: string): unknown {
  let value = data
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

function randomString(length: number, alphabet: string): string {
  const letters = Array.from(Object.hasOwn(ALPHABETS, alphabet) ? ALPHABETS[alphabet]! : alphabet)
  if (letters.length === 0) return ''
  let text = ''
  for (let i = 0; i < length; i++) text += letters[randomInt(0, letters.length)]!
  return text
}

interface MaskOptions {
  start?: unknown
  end?: unknown
  char?: unknown
}

function mask(text: string, options: MaskOptions): string {
  const letters = Array.from(text)
  const start = Math.max(0, lengthOf(options.start ?? 0))
  const end = Math.max(0, lengthOf(options.end ?? 4))
  const [char = '*'] = textOf(options.char ?? '*')
  // A text too short to hide anything of is hidden whole.
  if (start + end >= letters.length) return char.repeat(letters.length)
  return letters.map((letter, i) => (i < start || i >= letters.length - end ? letter : char)).join('')
}
