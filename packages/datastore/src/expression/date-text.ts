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

const DAY_MS = 86_400_000

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

/** Writes a date by MongoDB's format (`%Y-%m-%d`); null when the format has an unknown letter. */
export function formatDate(ms: number, format: string, zone: string): string | null {
  const offset = zoneOffsetMs(zone, ms)
  if (offset === null) return null
  const date = new Date(ms + offset)
  let bad = false
  const text = format.replaceAll(/%(.?)/gs, (_, letter: string) => {
    const write = SPECIFIERS[letter]
    if (!write) bad = true
    return write ? write(date, offset) : ''
  })
  return bad ? null : text
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
  const wall = Date.UTC(
    number('Y', 1970),
    number('m', 1) - 1,
    parts['j'] ? number('j', 1) : number('d', 1),
    number('H', 0),
    number('M', 0),
    number('S', 0),
    number('L', 0),
  )
  const own = parts['z'] === 'Z' ? 'UTC' : parts['z']
  return Number.isNaN(wall) ? null : fromWallClock(wall, own ?? zone)
}
