/** Periods, trends, the table of values and its CSV. Pure; days are UTC, as goals count them. */

const DAY_MS = 86_400_000

/** Days of the period picker. */
export const PERIODS = [7, 30, 90] as const
export type Period = (typeof PERIODS)[number]
export const STEPS = ['day', 'week', 'month'] as const
export type Step = (typeof STEPS)[number]

/** goals.schema.ts, goalStatsSchema: goals of one question. */
export const GOALS_AT_ONCE = 50

export interface Stats {
  goalId: string
  points: readonly { at: string; value: number }[]
  total: number
  previous: number
}

/** The last `days` UTC days up to the one of `now`, both included: `2026-01-25` to `2026-01-31`. */
export function lastDays(days: number, now: number): { from: string; to: string } {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  return { from: day(now - (days - 1) * DAY_MS), to: day(now) }
}

/** Steps that divide a period into more than one row worth reading. */
export const stepsOf = (period: Period): readonly Step[] => (period === 7 ? ['day'] : STEPS)

export function inChunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  )
}

export type Trend =
  | { kind: 'up' | 'down'; share: number }
  /** Counting began in this period: there is nothing to compare with. */
  | { kind: 'new' }
  | { kind: 'same' }

/** This period against the one of the same length before. */
export function trendOf({ total, previous }: Pick<Stats, 'total' | 'previous'>): Trend {
  if (total === previous) return { kind: 'same' }
  if (previous === 0) return { kind: 'new' }
  return { kind: total > previous ? 'up' : 'down', share: Math.abs(total - previous) / Math.abs(previous) }
}

export interface FigureRow {
  /** First day of the step. */
  at: string
  /** One for each goal, in their order. */
  values: number[]
}

/** Newest first. */
export function figureRows(stats: readonly Stats[]): FigureRow[] {
  const days = stats[0]?.points.map(({ at }) => at) ?? []
  return days
    .map((at, index) => ({ at, values: stats.map(({ points }) => points[index]?.value ?? 0) }))
    .reverse()
}

/** RFC 4180: a column for each goal by its slug, oldest row first. */
export function csvOf(slugs: readonly string[], rows: readonly FigureRow[]): string {
  const lines = [
    ['date', ...slugs],
    ...rows.toReversed().map(({ at, values }) => [at, ...values.map(String)]),
  ]
  return lines.map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
