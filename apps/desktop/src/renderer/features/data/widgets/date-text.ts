/** Days and times as they are typed and shown. Pure; the zone is an argument. */

export type Zone = 'local' | 'utc'

const two = (value: number) => String(value).padStart(2, '0')

/** A day in calendar terms; month 1 to 12. */
export interface Day {
  year: number
  month: number
  day: number
}

export const dayText = ({ year, month, day }: Day): string =>
  `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`

export const dayOf = (date: Date): Day => ({
  year: date.getFullYear(),
  month: date.getMonth() + 1,
  day: date.getDate(),
})

/** Days later, or earlier with a minus. Done in UTC, where every day has 24 hours. */
export function addDays({ year, month, day }: Day, days: number): Day {
  const date = new Date(Date.UTC(2000, month - 1, day + days))
  date.setUTCFullYear(year, month - 1, day + days)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** The same day of another month, or its last. */
export function addMonths({ year, month, day }: Day, months: number): Day {
  const index = year * 12 + month - 1 + months
  const to = { year: Math.floor(index / 12), month: (index % 12) + 1 }
  return { ...to, day: Math.min(day, daysIn(to.year, to.month)) }
}

export function daysIn(year: number, month: number): number {
  const date = new Date(Date.UTC(2000, 0, 1))
  date.setUTCFullYear(year, month, 0)
  return date.getUTCDate()
}

/** Monday is 1, Sunday 7. */
export function weekday({ year, month, day }: Day): number {
  const date = new Date(Date.UTC(2000, 0, 1))
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCDay() || 7
}

const WORDS: Readonly<Record<string, number>> = {
  today: 0,
  сегодня: 0,
  tomorrow: 1,
  завтра: 1,
  yesterday: -1,
  вчера: -1,
}

/** `2026-01-31`, `31.01.2026`, `today`, `+3`, `-1`; `null` when it is none of these. */
export function parseDay(text: string, today: Day): Day | null {
  const typed = text.trim().toLowerCase()
  const word = Object.hasOwn(WORDS, typed) ? WORDS[typed] : undefined
  if (word !== undefined) return addDays(today, word)
  const shift = /^([+-]\d{1,4})\s*[dд]?$/.exec(typed)
  if (shift) return addDays(today, Number(shift[1]))
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed)
  if (iso) return valid({ year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) })
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(typed)
  return dotted ? valid({ year: Number(dotted[3]), month: Number(dotted[2]), day: Number(dotted[1]) }) : null
}

function valid(day: Day): Day | null {
  const isReal =
    day.year >= 1 &&
    day.month >= 1 &&
    day.month <= 12 &&
    day.day >= 1 &&
    day.day <= daysIn(day.year, day.month)
  return isReal ? day : null
}

/** `2026-01-31 12:05:00`, in the zone; `''` when it is no time. */
export function timeText(iso: unknown, zone: Zone): string {
  const date = new Date(String(iso))
  if (iso === null || iso === undefined || iso === '' || Number.isNaN(date.getTime())) return ''
  const at =
    zone === 'utc'
      ? date.toISOString()
      : new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString()
  // Milliseconds are shown where there are some: what is shown can be sent back unchanged.
  return at.slice(0, 10) + ' ' + (at.slice(20, 23) === '000' ? at.slice(11, 19) : at.slice(11, 23))
}

/** A typed time as ISO 8601 in UTC: `2026-01-31 12:05`, `today 9:30`, `now`, or ISO 8601 with a zone of its own. */
export function parseTime(text: string, zone: Zone, now: Date): string | null {
  const typed = text.trim()
  if (/^(?:now|сейчас)$/i.test(typed)) return now.toISOString()
  if (/T.*(?:Z|[+-]\d\d:?\d\d)$/i.test(typed)) {
    const date = new Date(typed)
    return Number.isNaN(date.getTime()) ? null : date.toISOString()
  }
  const [, dayPart = '', hour = '0', minute = '0', second = '0', fraction = ''] =
    /^(\S+?)(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?)?$/.exec(typed) ?? []
  const day = parseDay(dayPart, zone === 'utc' ? utcDayOf(now) : dayOf(now))
  if (!day || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const parts = [Number(hour), Number(minute), Number(second), Number(fraction.padEnd(3, '0'))] as const
  const date = new Date(0)
  if (zone === 'utc') {
    date.setUTCFullYear(day.year, day.month - 1, day.day)
    date.setUTCHours(...parts)
  } else {
    date.setFullYear(day.year, day.month - 1, day.day)
    date.setHours(...parts)
  }
  return date.toISOString()
}

const utcDayOf = (date: Date): Day => ({
  year: date.getUTCFullYear(),
  month: date.getUTCMonth() + 1,
  day: date.getUTCDate(),
})

/** Six weeks around a month, Monday or Sunday first. */
export function monthGrid({ year, month }: Pick<Day, 'year' | 'month'>, firstWeekday: 1 | 7): Day[] {
  const first = { year, month, day: 1 }
  const lead = (weekday(first) - firstWeekday + 7) % 7
  return Array.from({ length: 42 }, (_, index) => addDays(first, index - lead))
}
