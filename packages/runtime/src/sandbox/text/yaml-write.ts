// YAML in block style, so written that YAML 1.1 readers take texts for texts too.
import { quoteIfNeeded } from './yaml-scalar.ts'

/** A value in block style, indented by two. @throws TypeError for a cycle. */
export function stringifyYaml(value: unknown): string {
  return `${node(value, '', new Set()).replace(/^\n/, '')}\n`
}

/** Begins with a line break when it is a block of its own. */
function node(value: unknown, indent: string, above: Set<object>): string {
  if (typeof value === 'string') return textNode(value, indent)
  if (typeof value === 'number') return numberNode(value)
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return 'null'
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? 'null' : JSON.stringify(value.toISOString())
  const toJson = (value as { toJSON?: unknown }).toJSON
  if (typeof toJson === 'function') return node((value as { toJSON(): unknown }).toJSON(), indent, above)
  if (above.has(value)) throw new TypeError('The value holds itself.')
  above.add(value)
  const text = Array.isArray(value) ? listNode(value, indent, above) : mapNode(value, indent, above)
  above.delete(value)
  return text
}

function numberNode(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf'
  return Object.is(value, -0) ? '-0' : String(value)
}

function textNode(text: string, indent: string): string {
  // A block needs a first line that does not begin with a blank, and ends in one line break or none.
  const isBlock =
    /^\S[^\r\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff]*\n/.test(text) &&
    !/\n\n$|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]|[^\S\n]\n/.test(text)
  if (!isBlock) return quoteIfNeeded(text)
  const lines = text.replace(/\n$/, '').split('\n')
  return `|${text.endsWith('\n') ? '' : '-'}\n${lines.map((line) => (line ? `${indent}  ${line}` : '')).join('\n')}`
}

function listNode(list: readonly unknown[], indent: string, above: Set<object>): string {
  if (list.length === 0) return '[]'
  const items = list.map((item) => {
    const text = node(item, `${indent}  `, above)
    return `\n${indent}- ${text.startsWith('\n') ? text.slice(indent.length + 3) : text}`
  })
  return items.join('')
}

function mapNode(map: object, indent: string, above: Set<object>): string {
  const entries = Object.entries(map).filter(
    ([, value]) => value !== undefined && typeof value !== 'function',
  )
  if (entries.length === 0) return '{}'
  const lines = entries.map(([key, value]) => {
    const text = node(value, `${indent}  `, above)
    return `\n${indent}${quoteIfNeeded(key)}:${text.startsWith('\n') ? '' : ' '}${text}`
  })
  return lines.join('')
}
