import { compilePattern } from '@m3m/base'
import { asStored, type Checked, refuse, type ValueKind } from './checked.ts'
import type { Field } from './fields.schema.ts'
import { sanitizeRichText } from './rich-text.ts'

/** Characters: one line of data, and prose. A record has at most 16 MB, MongoDB's limit. */
const MAX_CHARACTERS: Record<string, number> = { string: 10_000, text: 1_000_000, email: 254, url: 2048 }

/** RFC 5321 in its usable part: a dotted name, one @, a domain with a dot; lengths as there. */
const EMAIL = /^[^\s@"(),:;<>[\]\\]{1,64}@[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9-]{1,63})+$/i

type TextRule = (text: string, length: number) => Checked | undefined

/** string, text, email and url. */
export function textKind(field: Field): ValueKind {
  const rules = rulesOf(field)
  const isHtml = field.format === 'html'
  const check = (given: unknown): Checked => {
    if (typeof given !== 'string') return refuse('FIELD_TYPE', 'This must be text.')
    if (!given.isWellFormed())
      return refuse('FIELD_TYPE', 'This text holds half a character (a lone surrogate).')
    if (isHtml && given.length > MAX_CHARACTERS['text']!)
      return refuse('FIELD_MAX_LENGTH', `This may have at most ${MAX_CHARACTERS['text']} characters.`, {
        max: MAX_CHARACTERS['text']!,
      })
    const value = isHtml ? sanitizeRichText(given) : given
    // An editor sends an empty paragraph for nothing.
    if (isHtml && field.required && value === '') return refuse('FIELD_REQUIRED', 'This field is required.')
    const length = lengthOf(value)
    for (const rule of rules) {
      const refused = rule(value, length)
      if (refused) return refused
    }
    return { value }
  }
  return {
    check,
    coerce: (value) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? { value: String(value) }
        : refuse('FIELD_TYPE', 'Compare this field with text.'),
    outward: asStored,
    compares: 'text',
  }
}

function rulesOf(field: Field): TextRule[] {
  const least = Math.max(field.minLength ?? 0, Number(field.min ?? 0))
  const most = Math.min(
    MAX_CHARACTERS[field.type]!,
    field.maxLength ?? Number.POSITIVE_INFINITY,
    Number(field.max ?? Number.POSITIVE_INFINITY),
  )
  const rules: TextRule[] = [
    (_, length) =>
      length < least
        ? refuse('FIELD_MIN_LENGTH', `This needs at least ${least} characters.`, { min: least })
        : undefined,
    (_, length) =>
      length > most
        ? refuse('FIELD_MAX_LENGTH', `This may have at most ${most} characters, it has ${length}.`, {
            max: most,
          })
        : undefined,
  ]
  if (field.type === 'email') {
    rules.push((text) => (EMAIL.test(text) ? undefined : refuse('FIELD_EMAIL', 'This is no e-mail address.')))
  }
  if (field.type === 'url') {
    rules.push((text) =>
      isWebUrl(text) ? undefined : refuse('FIELD_URL', 'This is no http or https address.'),
    )
  }
  if (field.pattern !== undefined) {
    const pattern = compilePattern(field.pattern)
    rules.push((text) =>
      pattern.test(text)
        ? undefined
        : refuse('FIELD_PATTERN', `This does not match the pattern ${field.pattern}.`, {
            pattern: String(field.pattern),
          }),
    )
  }
  return rules
}

/** Code points: what a person counts, nearly. Counted only when it could matter. */
function lengthOf(text: string): number {
  let pairs = 0
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit < 0xdc00) pairs += 1
  }
  return text.length - pairs
}

function isWebUrl(text: string): boolean {
  if (text.trim() !== text || !URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return (protocol === 'http:' || protocol === 'https:') && hostname !== ''
}
