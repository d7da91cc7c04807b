import { dayStart, zonedParts } from './zoned-time.ts'

/**
 * `@now` and its kin: moments, and numbers of the calendar (`@hour`, `@weekday` …, to compare number fields
 * with). By the clock of `timeZone`; a week begins on Monday (ISO 8601), `@weekday` counts from 0, Sunday, as
 * JavaScript does. Ends are the last millisecond.
 */
export function macroValue(name: string, nowMs: number, timeZone = 'UTC'): Date | number | undefined {
  const make = Object.hasOwn(macros, name) ? macros[name] : undefined
  return make?.({ ms: nowMs, ...zonedParts(nowMs, timeZone), timeZone })
}

const DAY_MS = 86_400_000

type Now = ReturnType<typeof zonedParts> & { ms: number; timeZone: string }

const start = ({ timeZone }: Now, year: number, month: number, day = 1) =>
  dayStart({ year, month, day }, timeZone)
const end = (now: Now, year: number, month: number, day = 1) =>
  new Date(start(now, year, month, day).getTime() - 1)
const monday = ({ day, weekday }: Now) => day - ((weekday + 6) % 7)

const macros: Readonly<Record<string, (now: Now) => Date | number>> = {
  now: ({ ms }) => new Date(ms),
  todayStart: (now) => start(now, now.year, now.month, now.day),
  todayEnd: (now) => end(now, now.year, now.month, now.day + 1),
  yesterday: ({ ms }) => new Date(ms - DAY_MS),
  tomorrow: ({ ms }) => new Date(ms + DAY_MS),
  weekStart: (now) => start(now, now.year, now.month, monday(now)),
  weekEnd: (now) => end(now, now.year, now.month, monday(now) + 7),
  monthStart: (now) => start(now, now.year, now.month),
  monthEnd: (now) => end(now, now.year, now.month + 1),
  yearStart: (now) => start(now, now.year, 1),
  yearEnd: (now) => end(now, now.year + 1, 1),
  second: ({ second }) => second,
  minute: ({ minute }) => minute,
  hour: ({ hour }) => hour,
  weekday: ({ weekday }) => weekday,
  day: ({ day }) => day,
  month: ({ month }) => month,
  year: ({ year }) => year,
}

export const MACROS: readonly string[] = Object.keys(macros)
