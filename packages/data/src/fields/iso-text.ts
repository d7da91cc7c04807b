const DAY_MS = 86_400_000
/** `HH:mm:ss.SSSZ` */
const TIME_CHARS = 13

const TWO = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'))
const THREE = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'))

/** Days since 1970 → `2026-01-31T`. */
const DATES = new Map<number, string>()
/** Three years of days, 100 KB; then it begins anew. */
const MOST_DATES = 1_100

/**
 * What `toISOString` gives, in a third of the time: a page of records has three moments or more in each, most of them of
 * few days, and writing them was half of what the engine added to the driver's own work.
 *
 * @throws RangeError for an invalid date, as `toISOString` does
 */
export function isoText(moment: Date): string {
  const ms = moment.getTime()
  const day = Math.floor(ms / DAY_MS)
  const date = DATES.get(day) ?? dateText(day, moment)
  const inDay = ms - day * DAY_MS
  const seconds = Math.floor(inDay / 1000)
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  return `${date}${TWO[hours]}:${TWO[minutes - hours * 60]}:${TWO[seconds - minutes * 60]}.${THREE[inDay - seconds * 1000]}Z`
}

function dateText(day: number, moment: Date): string {
  const text = moment.toISOString().slice(0, -TIME_CHARS)
  if (DATES.size >= MOST_DATES) DATES.clear()
  DATES.set(day, text)
  return text
}
