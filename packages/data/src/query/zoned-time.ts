/** Parts of a moment by the clock of a time zone. `month` and `day` count from 1, `weekday` from 0, Sunday. */
export interface ZonedParts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  weekday: number
}

/** True for a name of the IANA database, such as `Europe/Berlin`, and for `UTC`. */
export function isTimeZone(name: string): boolean {
  try {
    return formatOf(name) !== undefined
  } catch {
    return false
  }
}

export function zonedParts(ms: number, timeZone: string): ZonedParts {
  const wall = new Date(ms + offsetMs(ms, timeZone))
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
    weekday: wall.getUTCDay(),
  }
}

/** The first moment of a day; months and days beyond their ends belong to the next. */
export function dayStart(
  { year, month, day }: Pick<ZonedParts, 'year' | 'month' | 'day'>,
  timeZone: string,
): Date {
  const wall = Date.UTC(year, month - 1, day)
  // The offset of the moment that is looked for, found from that of one at most a day away.
  const near = wall - offsetMs(wall, timeZone)
  return new Date(wall - offsetMs(near, timeZone))
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** @throws RangeError for a name that is no time zone */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    })
    // Names are checked by Intl itself: there are some hundreds of them.
    formats.set(timeZone, format)
  }
  return format
}

/** What the zone's clock shows minus UTC. */
function offsetMs(ms: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0
  const wall = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return wall - Math.floor(ms / 1000) * 1000
}
