// Rules such as 'required,min=3,email': their grammar and meaning are those of go-playground/validator v10.
import { formats } from './formats.ts'

/** One value that failed, and the first rule it failed. */
export interface Failure {
  /** The rule's name, or several joined by `|` where any would have done. */
  tag: string
  param: string
  /** Where inside the value: `[2]` after `dive`. */
  path: string
  value: unknown
}

interface Rule {
  tag: string
  param: string
  test: (value: unknown, param: string) => boolean
}
/** Rules that must all hold; each is a list of which one is enough. */
type Step = { kind: 'rules'; any: Rule[] } | { kind: 'omitempty' } | { kind: 'dive' }
export type Rules = readonly Step[]

/** Names a rule that does not exist. */
export class UnknownRule extends Error {}

const known = new Map<string, Rules>()

/** The rules of a text, read once. @throws UnknownRule */
export function readRules(text: string): Rules {
  const there = known.get(text)
  if (there) return there
  const steps = text
    .split(',')
    .filter((part) => part !== '')
    .map(readStep)
  // Rules are constants of the code; one that makes them up for each request must not fill the memory.
  if (known.size >= 500) known.clear()
  known.set(text, steps)
  return steps
}

function readStep(part: string): Step {
  if (part === 'omitempty' || part === 'omitnil') return { kind: 'omitempty' }
  if (part === 'dive') return { kind: 'dive' }
  return { kind: 'rules', any: part.split('|').map(readRule) }
}

function readRule(text: string): Rule {
  const at = text.indexOf('=')
  const tag = at < 0 ? text : text.slice(0, at)
  // A comma or a bar in a parameter is written as its code.
  const param =
    at < 0
      ? ''
      : text
          .slice(at + 1)
          .replace(/0x2C/g, ',')
          .replace(/0x7C/g, '|')
  if (Object.hasOwn(formats, tag)) return { tag, param, test: (value) => isFormat(tag, value) }
  if (Object.hasOwn(comparisons, tag)) return { tag, param, test: comparisons[tag]! }
  throw new UnknownRule(tag)
}

/** The first failure of a value, or null. */
export function check(value: unknown, steps: Rules): Failure | null {
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!
    if (step.kind === 'omitempty') {
      if (!hasValue(value)) return null
    } else if (step.kind === 'dive') return dive(value, steps.slice(i + 1))
    else if (!step.any.some((rule) => rule.test(value, rule.param))) {
      return { tag: step.any.map((rule) => rule.tag).join('|'), param: step.any[0]!.param, path: '', value }
    }
  }
  return null
}

function dive(value: unknown, steps: Rules): Failure | null {
  if (typeof value !== 'object' || value === null) return { tag: 'dive', param: '', path: '', value }
  for (const [key, member] of Object.entries(value)) {
    const failure = check(member, steps)
    if (failure) return { ...failure, path: `[${key}]${failure.path}` }
  }
  return null
}

/** Go's zero values count as absent: `''`, 0, false, nothing; an empty list or object is there. */
export function hasValue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== 0 && value !== false
}

function isFormat(tag: string, value: unknown): boolean {
  if (typeof value === 'string') return formats[tag]!(value)
  if (typeof value === 'number')
    return (
      tag === 'numeric' ||
      tag === 'number' ||
      ((tag === 'latitude' || tag === 'longitude') && formats[tag]!(String(value)))
    )
  return typeof value === 'boolean' && tag === 'boolean'
}

/** What size comparisons compare: characters, items, members, or the number itself. */
function sizeOf(value: unknown): number | null {
  if (typeof value === 'number') return value
  if (typeof value === 'string') return Array.from(value).length
  if (Array.isArray(value)) return value.length
  if (value instanceof Date) return value.getTime()
  return typeof value === 'object' && value !== null ? Object.keys(value).length : null
}

const bySize =
  (holds: (size: number, limit: number) => boolean) =>
  (value: unknown, param: string): boolean => {
    const size = sizeOf(value)
    return size !== null && param.trim() !== '' && holds(size, Number(param))
  }

const equals = (value: unknown, param: string): boolean => {
  if (typeof value === 'string') return value === param
  if (typeof value === 'boolean') return String(value) === param
  return bySize((size, limit) => size === limit)(value, param)
}

const textual =
  (holds: (text: string, param: string) => boolean) =>
  (value: unknown, param: string): boolean =>
    typeof value === 'string' && holds(value, param)

/** `a b 'c d'` → a, b, c d. */
function choices(param: string): string[] {
  return Array.from(param.matchAll(/'([^']*)'|(\S+)/g), (match) => match[1] ?? match[2]!)
}

function isUnique(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const items = Object.values(value).map(
    (item) => (typeof item === 'object' ? JSON.stringify(item) : item) as unknown,
  )
  return new Set(items).size === items.length
}

const comparisons: Readonly<Record<string, Rule['test']>> = {
  required: hasValue,
  isdefault: (value) => !hasValue(value),
  len: bySize((size, limit) => size === limit),
  min: bySize((size, limit) => size >= limit),
  max: bySize((size, limit) => size <= limit),
  gt: bySize((size, limit) => size > limit),
  gte: bySize((size, limit) => size >= limit),
  lt: bySize((size, limit) => size < limit),
  lte: bySize((size, limit) => size <= limit),
  eq: equals,
  ne: (value, param) => !equals(value, param),
  eq_ignore_case: textual((text, param) => text.toLowerCase() === param.toLowerCase()),
  ne_ignore_case: textual((text, param) => text.toLowerCase() !== param.toLowerCase()),
  oneof: (value, param) =>
    (typeof value === 'string' || typeof value === 'number') && choices(param).includes(String(value)),
  contains: textual((text, param) => text.includes(param)),
  containsany: textual((text, param) => Array.from(param).some((char) => text.includes(char))),
  containsrune: textual((text, param) => text.includes(param)),
  excludes: textual((text, param) => !text.includes(param)),
  excludesall: textual((text, param) => !Array.from(param).some((char) => text.includes(char))),
  startswith: textual((text, param) => text.startsWith(param)),
  endswith: textual((text, param) => text.endsWith(param)),
  startsnotwith: textual((text, param) => !text.startsWith(param)),
  endsnotwith: textual((text, param) => !text.endsWith(param)),
  unique: isUnique,
}
