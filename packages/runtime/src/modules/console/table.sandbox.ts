// Tables as consoles draw them.
import { formatArguments } from '../../sandbox/format.ts'

const MAX_ROWS = 200
const MAX_COLUMNS = 30
const MAX_CELL = 60

const cell = (value: unknown): string => {
  const text = value === undefined ? '' : formatArguments([value]).replaceAll('\n', ' ')
  return text.length > MAX_CELL ? `${text.slice(0, MAX_CELL - 1)}\u2026` : text
}

/** The table, or null for what has no rows. */
export function tableText(data: unknown, columns?: readonly unknown[]): string | null {
  if (typeof data !== 'object' || data === null) return null
  const rows = rowsOf(data).slice(0, MAX_ROWS)
  const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
  const found = new Set(rows.flatMap(([, value]) => (isObject(value) ? Object.keys(value) : [])))
  const names = (columns ? columns.map(String) : [...found]).slice(0, MAX_COLUMNS)
  const hasValues = rows.some(([, value]) => !isObject(value))
  const head = ['(index)', ...names, ...(hasValues ? ['Values'] : [])]
  const body = rows.map(([key, value]) => [
    key,
    ...names.map((name) =>
      isObject(value) && Object.hasOwn(value, name) ? cell((value as Record<string, unknown>)[name]) : '',
    ),
    ...(hasValues ? [isObject(value) ? '' : cell(value)] : []),
  ])
  return draw([head, ...body])
}

function rowsOf(data: object): [string, unknown][] {
  if (data instanceof Map) return [...data].map(([key, value]) => [cell(key), value as unknown])
  if (data instanceof Set) return [...data].map((value, i) => [String(i), value as unknown])
  return Object.entries(data)
}

function draw(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)))
  const rule = (left: string, joint: string, right: string) =>
    left + widths.map((width) => '\u2500'.repeat(width + 2)).join(joint) + right
  const row = (line: readonly string[]) =>
    `\u2502 ${line.map((text, i) => text.padEnd(widths[i]!)).join(' \u2502 ')} \u2502`
  const [head, ...body] = lines
  return [
    rule('\u250c', '\u252c', '\u2510'),
    row(head!),
    rule('\u251c', '\u253c', '\u2524'),
    ...body.map(row),
    rule('\u2514', '\u2534', '\u2518'),
  ].join('\n')
}
