// Dates as text and as parts, in UTC or a time zone.

/** `2026-01-31T12:00:00.000Z`, also for years beyond 9999. */
export function isoDate(ms: number): string {
  return new Date(ms).toISOString()
}

/** Reads ISO 8601 as MongoDB's `$toDate` does: a date, perhaps a time and a zone; without zone UTC. Null when it is none. */
export function parseDate(text: string): number | null {
  const match =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?) ?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
      text.trim(),
    )
  if (!match) return null
  const zone = (match[3] ?? 'Z').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')
  const ms = Date.parse(`${match[1]}T${(match[2] ?? '00:00').replace(',', '.')}${zone}`)
  return Number.isNaN(ms) ? null : ms
}

const formatters = new Map<string, Intl.DateTimeFormat>()

/** How far a zone is ahead of UTC at a moment, in ms; null for an unknown zone. */
export function zoneOffsetMs(zone: string, atMs: number): number | null {
  if (zone === 'UTC' || zone === 'GMT' || zone === 'Z') return 0
  const fixed = /^([+-])(\d{2})(?::?(\d{2}))?$/.exec(zone)
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3] ?? 0)) * 60_000
  let formatter = formatters.get(zone)
  if (!formatter) {
    try {
      formatter = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    } catch {
      return null
    }
    formatters.set(zone, formatter)
  }
  const name = formatter.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')!.value
  const shift = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?/.exec(name)!
  if (!shift[1]) return 0
  const ms = (Number(shift[2]) * 3600 + Number(shift[3]) * 60 + Number(shift[4] ?? 0)) * 1000
  return shift[1] === '-' ? -ms : ms
}

/** The UTC moment of a wall-clock time in a zone. */
export function fromWallClock(wallMs: number, zone: string): number {
  const guess = wallMs - zoneOffsetMs(zone, wallMs)!
  return wallMs - zoneOffsetMs(zone, guess)!
}

export const DAY_MS = 86_400_000

/** Monday 1 … Sunday 7 of a moment whose UTC parts are the wall clock's. */
export function isoDayOfWeek(date: Date): number {
  return date.getUTCDay() || 7
}

/** ISO 8601 year and week: the week of the Thursday counts. */
export function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(date.getTime() + (4 - isoDayOfWeek(date)) * DAY_MS)
  const year = thursday.getUTCFullYear()
  return { year, week: Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / DAY_MS / 7) + 1 }
}

/** The Monday on which a week of ISO 8601 begins, as UTC milliseconds. */
export function isoWeekStart(year: number, week: number): number {
  // the fourth of January is always in the first week
  const fourth = new Date(new Date(0).setUTCFullYear(year, 0, 4))
  return fourth.getTime() + ((week - 1) * 7 + 1 - isoDayOfWeek(fourth)) * DAY_MS
}

export function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS) + 1
}

/** Weeks beginning on Sunday; days before the first one are in week 0. */
export function sundayWeek(date: Date): number {
  return Math.floor((dayOfYear(date) + 6 - date.getUTCDay()) / 7)
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0')
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

const SPECIFIERS: Record<string, (date: Date, offsetMs: number) => string> = {
  d: (date) => pad(date.getUTCDate()),
  G: (date) => pad(isoWeek(date).year, 4),
  H: (date) => pad(date.getUTCHours()),
  j: (date) => pad(dayOfYear(date), 3),
  L: (date) => pad(date.getUTCMilliseconds(), 3),
  m: (date) => pad(date.getUTCMonth() + 1),
  M: (date) => pad(date.getUTCMinutes()),
  S: (date) => pad(date.getUTCSeconds()),
  w: (date) => String(date.getUTCDay() + 1),
  u: (date) => String(isoDayOfWeek(date)),
  U: (date) => pad(sundayWeek(date)),
  V: (date) => pad(isoWeek(date).week),
  Y: (date) => pad(date.getUTCFullYear(), 4),
  b: (date) => MONTHS[date.getUTCMonth()]!.slice(0, 3),
  B: (date) => MONTHS[date.getUTCMonth()]!,
  z: (_, offsetMs) =>
    `${offsetMs < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offsetMs) / 3_600_000))}${pad(Math.floor(Math.abs(offsetMs) / 60_000) % 60)}`,
  Z: (_, offsetMs) => String(offsetMs / 60_000),
  '%': () => '%',
}

/** The first letter behind `%` that no format knows, '' for a `%` at the end; null when all is well. */
export function unknownSpecifier(format: string): string | null {
  for (const [, letter] of format.matchAll(/%(.?)/gsu)) if (!SPECIFIERS[letter!]) return letter!
  return null
}

/** Writes a date by MongoDB's format (`%Y-%m-%d`), which {@link unknownSpecifier} has found sound. */
export function formatDate(ms: number, format: string, zone: string): string {
  const offset = zoneOffsetMs(zone, ms)!
  const date = new Date(ms + offset)
  return format.replaceAll(/%(.)/gs, (_, letter: string) => SPECIFIERS[letter]!(date, offset))
}

const READERS: Record<string, string> = {
  Y: '(?<Y>\\d{4})',
  m: '(?<m>\\d{1,2})',
  d: '(?<d>\\d{1,2})',
  H: '(?<H>\\d{1,2})',
  M: '(?<M>\\d{1,2})',
  S: '(?<S>\\d{1,2})',
  L: '(?<L>\\d{1,3})',
  j: '(?<j>\\d{1,3})',
  b: '(?<b>[A-Za-z]{3})',
  B: '(?<B>[A-Za-z]{3,9})',
  G: '(?<G>\\d{4})',
  V: '(?<V>\\d{1,2})',
  u: '(?<u>[1-7])',
  z: '(?<z>[+-]\\d{2}:?\\d{2}|Z)',
  '%': '%',
}

/** Reads a date by a format; null when the text does not follow it. */
export function readDate(text: string, format: string, zone: string): number | null {
  const pattern = format
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/%(.)/gs, (_, letter: string) => READERS[letter] ?? '(?!)')
  const parts = new RegExp(`^${pattern}$`).exec(text)?.groups
  if (!parts) return null
  const number = (name: string, fallback: number): number =>
    parts[name] === undefined ? fallback : Number(parts[name])
  const named = parts['b'] ?? parts['B']
  const month = named === undefined ? number('m', 1) : monthOf(named)
  if (month === 0) return null
  const day = parts['G']
    ? isoWeekStart(number('G', 1970), number('V', 1)) + (number('u', 1) - 1) * DAY_MS
    : Date.UTC(number('Y', 1970), month - 1, parts['j'] ? number('j', 1) : number('d', 1))
  const time = ((number('H', 0) * 60 + number('M', 0)) * 60 + number('S', 0)) * 1000 + number('L', 0)
  const own = parts['z'] === 'Z' ? 'UTC' : parts['z']
  return Number.isNaN(day) ? null : fromWallClock(day + time, own ?? zone)
}

/** 1 to 12 by the month's name or its first three letters; 0 for no month. */
function monthOf(name: string): number {
  const wanted = name.toLowerCase()
  return (
    MONTHS.findIndex(
      (month) => month.toLowerCase() === wanted || month.toLowerCase().slice(0, 3) === wanted,
    ) + 1
  )
}
