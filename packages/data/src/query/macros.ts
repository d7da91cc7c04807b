/** `@now` and its kin, in UTC; a week begins on Monday (ISO 8601). Ends are the last millisecond. */
export function macroValue(name: string, nowMs: number): Date | undefined {
  const make = Object.hasOwn(macros, name) ? macros[name] : undefined
  return make?.(new Date(nowMs))
}

const DAY_MS = 86_400_000

const day = (now: Date, days = 0) =>
  Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + days)
const week = (now: Date) => day(now, -((now.getUTCDay() + 6) % 7))
const month = (now: Date, months = 0) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1)
const year = (now: Date, years = 0) => Date.UTC(now.getUTCFullYear() + years, 0, 1)

const macros: Readonly<Record<string, (now: Date) => Date>> = {
  now: (now) => now,
  todayStart: (now) => new Date(day(now)),
  todayEnd: (now) => new Date(day(now, 1) - 1),
  yesterday: (now) => new Date(now.getTime() - DAY_MS),
  tomorrow: (now) => new Date(now.getTime() + DAY_MS),
  weekStart: (now) => new Date(week(now)),
  weekEnd: (now) => new Date(week(now) + 7 * DAY_MS - 1),
  monthStart: (now) => new Date(month(now)),
  monthEnd: (now) => new Date(month(now, 1) - 1),
  yearStart: (now) => new Date(year(now)),
  yearEnd: (now) => new Date(year(now, 1) - 1),
}

export const MACROS: readonly string[] = Object.keys(macros)
