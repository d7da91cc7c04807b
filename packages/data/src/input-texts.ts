// What people are told when a schema refuses their input, in place of the library's words. Schemas that say it themselves win.
import { z } from 'zod'

/** Values named of those that could be chosen. */
const MAX_CHOICES = 20

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a date',
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'a mail address',
  url: 'a URL',
  uuid: 'a UUID',
  datetime: 'a date with a time (ISO 8601)',
  date: 'a date (ISO 8601)',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
}

type RawIssue = Parameters<z.core.$ZodErrorMap>[0]

/** A sentence without its full stop; undefined leaves the library's. */
export function inputText(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'Is missing'
      return `Must be ${KINDS[issue.expected] ?? issue.expected}`
    case 'too_big':
      return bound(issue, { limit: issue.maximum, inclusive: 'at most', exclusive: 'below' })
    case 'too_small':
      return bound(issue, { limit: issue.minimum, inclusive: 'at least', exclusive: 'above' })
    case 'invalid_value':
      return issue.values.length === 1
        ? `Must be ${shown(issue.values[0])}`
        : `Must be one of ${listed(issue.values)}`
    case 'invalid_format':
      return FORMATS[issue.format] && `Must be ${FORMATS[issue.format]}`
    case 'not_multiple_of':
      return `Must be a multiple of ${issue.divisor}`
    case 'unrecognized_keys':
      return `Must not have ${listed(issue.keys)}`
    default:
      return undefined
  }
}

interface Bound {
  limit: number | bigint
  inclusive: string
  exclusive: string
}

function bound(
  { origin, inclusive = true }: { origin: string; inclusive?: boolean | undefined },
  { limit, ...words }: Bound,
): string {
  const word = inclusive ? words.inclusive : words.exclusive
  const counted = COUNTED[origin]
  if (!counted) return `Must be ${word} ${origin === 'date' ? day(limit) : limit}`
  if (word === 'at least' && limit === 1) return 'Must not be empty'
  return `Must have ${word} ${limit} ${counted[Number(limit) === 1 ? 0 : 1]}`
}

const ENTRIES = ['entry', 'entries'] as const
const COUNTED: Readonly<Record<string, readonly [one: string, more: string]>> = {
  string: ['character', 'characters'],
  array: ENTRIES,
  set: ENTRIES,
  map: ENTRIES,
  object: ENTRIES,
}

const day = (limit: number | bigint): string => new Date(Number(limit)).toISOString()

const shown = (value: unknown): string => (typeof value === 'string' ? `"${value}"` : String(value))

function listed(values: readonly unknown[]): string {
  const named = values.slice(0, MAX_CHOICES).map(shown).join(', ')
  return values.length > MAX_CHOICES ? `${named} and ${values.length - MAX_CHOICES} more` : named
}

z.config({ customError: (issue) => inputText(issue) })
