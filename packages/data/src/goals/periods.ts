const DAY_MS = 86_400_000

export type Step = 'day' | 'week' | 'month'

/** Midnight of the day in UTC. */
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS
}

/** The first day of the day's period; a week begins on Monday (ISO 8601). */
export function periodOf(day: number, step: Step): number {
  const date = new Date(day)
  if (step === 'week') return day - ((date.getUTCDay() + 6) % 7) * DAY_MS
  return step === 'month' ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) : day
}

/** The first days of all periods that touch `from` to `to`, in order. */
export function periodsBetween(from: number, to: number, step: Step): number[] {
  const periods: number[] = []
  for (let at = periodOf(from, step); at <= to; at = nextPeriod(at, step)) periods.push(at)
  return periods
}

export function daysBetween(from: number, to: number): number {
  return Math.round((to - from) / DAY_MS) + 1
}

/** The period of the same number of days that ends the day before `from`. */
export function periodBefore(from: number, to: number): { from: number; to: number } {
  return { from: from - daysBetween(from, to) * DAY_MS, to: from - DAY_MS }
}

/** `2026-01-31` */
export function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

function nextPeriod(at: number, step: Step): number {
  const date = new Date(at)
  if (step === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
  return at + (step === 'week' ? 7 : 1) * DAY_MS
}
