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
  const rows = rowsOf(data)
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

/** The first rows; a list of millions is not copied for them. */
function rowsOf(data: object): [string, unknown][] {
  const rows: [string, unknown][] = []
  const add = (key: string, value: unknown): boolean => rows.push([key, value]) < MAX_ROWS
  if (data instanceof Map) {
    for (const [key, value] of data as Map<unknown, unknown>) if (!add(cell(key), value)) break
  } else if (data instanceof Set) {
    for (const value of data as Set<unknown>) if (!add(String(rows.length), value)) break
  } else if (Array.isArray(data)) {
    for (let i = 0; i < data.length; i++) if (i in data && !add(String(i), data[i])) break
  } else {
    for (const key in data)
      if (Object.hasOwn(data, key) && !add(key, (data as Record<string, unknown>)[key])) break
  }
  return rows
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
