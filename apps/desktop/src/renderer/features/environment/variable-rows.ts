/** Rows of the environment page: what is typed, as text, and what it means. Pure. */

export const TYPES = ['string', 'text', 'json', 'integer', 'float', 'boolean', 'secret'] as const
export type VariableType = (typeof TYPES)[number]

export interface Variable {
  key: string
  type: VariableType
  value: unknown
}

export interface VariableRow {
  /** Stays while the row is edited. */
  id: number
  key: string
  type: VariableType
  /** As it is typed; booleans are `true` and `false`. Empty for a secret that is kept. */
  text: string
  /** A secret that the agent has: empty text keeps it. */
  isSet: boolean
}

export type RowProblem = { kind: 'key' | 'twice' | 'integer' | 'float' } | { kind: 'json'; reason: string }

export function rowOf(variable: Variable, id: number): VariableRow {
  const { key, type, value } = variable
  return { id, key, type, text: textOf(type, value), isSet: type === 'secret' }
}

function textOf(type: VariableType, value: unknown): string {
  if (type === 'secret' || value === null || value === undefined) return ''
  if (type === 'json') return JSON.stringify(value, null, 2)
  return String(value)
}

/** What the row means. Only for rows without problems. */
export function variableOf(row: VariableRow): { key: string; type: VariableType; value: unknown } {
  const { key, type, text } = row
  const value = () => {
    switch (type) {
      case 'integer':
      case 'float':
        return Number(text.trim().replace(',', '.'))
      case 'boolean':
        return text === 'true'
      case 'json':
        return JSON.parse(text) as unknown
      case 'secret':
        return row.isSet && text === '' ? null : text
      default:
        return text
    }
  }
  return { key: key.trim(), type, value: value() }
}

/** By the row's id; rows without problems are absent. */
export function problemsOf(rows: readonly VariableRow[]): Map<number, RowProblem> {
  const problems = new Map<number, RowProblem>()
  const seen = new Set<string>()
  for (const row of rows) {
    const key = row.key.trim()
    const problem = !/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(key)
      ? ({ kind: 'key' } as const)
      : seen.has(key)
        ? ({ kind: 'twice' } as const)
        : valueProblem(row)
    seen.add(key)
    if (problem) problems.set(row.id, problem)
  }
  return problems
}

function valueProblem({ type, text }: VariableRow): RowProblem | null {
  const typed = text.trim()
  if (type === 'integer' && !(/^[+-]?\d+$/.test(typed) && Number.isSafeInteger(Number(typed))))
    return { kind: 'integer' }
  if (type === 'float' && (typed === '' || !Number.isFinite(Number(typed.replace(',', '.')))))
    return { kind: 'float' }
  if (type !== 'json') return null
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    return { kind: 'json', reason: error instanceof Error ? error.message : String(error) }
  }
}

/** How many rows differ from what the agent has: added, changed or gone; another order is one more. */
export function countChanges(rows: readonly VariableRow[], saved: readonly VariableRow[]): number {
  const before = new Map(saved.map((row) => [row.id, row]))
  let changes = 0
  for (const row of rows) {
    const was = before.get(row.id)
    if (!was || was.key !== row.key || was.type !== row.type || was.text !== row.text) changes += 1
    before.delete(row.id)
  }
  return changes + before.size + (isReordered(rows, saved) ? 1 : 0)
}

/** Whether those that were there before stand in another order. */
function isReordered(rows: readonly VariableRow[], saved: readonly VariableRow[]): boolean {
  const now = new Set(rows.map(({ id }) => id))
  const were = saved.map(({ id }) => id).filter((id) => now.has(id))
  const known = new Set(were)
  return rows.filter(({ id }) => known.has(id)).some(({ id }, index) => id !== were[index])
}

/** The row one place up or down; at the end it stays. */
export function moved(rows: readonly VariableRow[], id: number, by: -1 | 1): VariableRow[] {
  const from = rows.findIndex((row) => row.id === id)
  const to = from + by
  if (from < 0 || to < 0 || to >= rows.length) return [...rows]
  const next = [...rows]
  ;[next[from], next[to]] = [next[to]!, next[from]!]
  return next
}
