// Arguments of logger and console as one text.
import { errorData } from './stacks.ts'

const MAX_DEPTH = 6
const MAX_ITEMS = 200
const MAX_TEXT = 64 * 1024

/** Texts as they are, errors with their own stack lines, everything else as JSON; joined by blanks. Never throws. */
export function formatArguments(args: readonly unknown[], maxChars = MAX_TEXT): string {
  let text = ''
  for (let i = 0; i < args.length && text.length <= maxChars; i++)
    text += (i > 0 ? ' ' : '') + formatOne(args[i])
  return text.length > maxChars ? `${text.slice(0, maxChars)}… (cut)` : text
}

function formatOne(value: unknown): string {
  try {
    if (typeof value === 'string') return value
    if (value instanceof Error) return errorData(value).text
    if (value === undefined) return 'undefined'
    if (typeof value === 'function') return `[function ${value.name || 'anonymous'}]`
    if (typeof value === 'object' && value !== null)
      return JSON.stringify(plain(value, 0, new Set())) ?? 'undefined'
    return String(value)
  } catch {
    return '[a value that cannot be shown]'
  }
}

function plain(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return `[function ${value.name || 'anonymous'}]`
  if (typeof value === 'symbol') return String(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (above.has(value)) return '[circular]'
  if (depth >= MAX_DEPTH) return Array.isArray(value) ? '[array]' : '[object]'
  above.add(value)
  try {
    return container(value, depth, above)
  } finally {
    above.delete(value)
  }
}

function container(value: object, depth: number, above: Set<object>): unknown {
  const inner = (member: unknown) => plain(member, depth + 1, above)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof Error) return errorData(value).text
  if (value instanceof RegExp) return String(value)
  if (value instanceof Promise) return '[promise]'
  if (value instanceof Map) return { map: [...value].slice(0, MAX_ITEMS).map((pair) => pair.map(inner)) }
  if (value instanceof Set) return { set: [...value].slice(0, MAX_ITEMS).map(inner) }
  if (value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) {
    const list = value.slice(0, MAX_ITEMS).map(inner)
    return value.length > MAX_ITEMS ? [...list, `… ${value.length - MAX_ITEMS} more`] : list
  }
  const toJson = (value as { toJSON?: unknown }).toJSON
  if (typeof toJson === 'function') return inner((value as { toJSON(): unknown }).toJSON())
  const keys = Object.keys(value)
  const entries = keys.slice(0, MAX_ITEMS).map((key) => [key, inner((value as Record<string, unknown>)[key])])
  if (keys.length > MAX_ITEMS) entries.push(['…', `${keys.length - MAX_ITEMS} more`])
  return Object.fromEntries(entries)
}
