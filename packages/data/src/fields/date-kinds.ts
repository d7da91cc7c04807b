import { type CheckContext, type Checked, refuse, type ValueKind } from './checked.ts'
import type { Field } from './fields.schema.ts'
import { isoText } from './iso-text.ts'

const DAY_MS = 86_400_000
/** Years 1 to 9999: what ISO 8601 writes with four digits. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z')
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999)
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?)?$/

/** date (a day, kept as its midnight in UTC), datetime and autodate (a moment, to the millisecond). */
export function dateKind(field: Field): ValueKind {
  const day = field.type === 'date'
  const limits = { min: field.min, max: field.max }
  const coerce = (value: unknown, context: CheckContext): Checked => {
    const ms = toMs(value, context.nowMs)
    if (ms === undefined) {
      const form = day ? 'a day as 2026-01-31' : 'a time as 2026-01-31T12:00:00Z'
      return refuse('FIELD_DATE', `This must be ${form}.`)
    }
    return { value: new Date(day ? Math.floor(ms / DAY_MS) * DAY_MS : ms) }
  }
  return {
    check(value, context) {
      const checked = coerce(value, context)
      if ('errors' in checked) return checked
      const at = (checked.value as Date).getTime()
      const min = limitOf(limits.min, context.nowMs, day)
      if (min !== undefined && at < min)
        return refuse('FIELD_MIN', `This must not be before ${limits.min}.`, { from: String(limits.min) })
      const max = limitOf(limits.max, context.nowMs, day)
      if (max !== undefined && at > max)
        return refuse('FIELD_MAX', `This must not be after ${limits.max}.`, { to: String(limits.max) })
      return checked
    },
    coerce,
    outward(stored, dates) {
      if (dates === 'date' || !(stored instanceof Date)) return stored
      const iso = isoText(stored)
      return day ? iso.slice(0, 10) : iso
    },
    compares: 'order',
  }
}

/** Unix milliseconds of a Date, an ISO 8601 text (UTC where it names no zone), Unix milliseconds, or `@now`. */
export function toMs(value: unknown, nowMs: number): number | undefined {
  if (value === '@now') return nowMs
  if (value instanceof Date) return inRange(value.getTime())
  if (typeof value === 'number') return inRange(Math.trunc(value))
  if (typeof value !== 'string') return undefined
  const parts = ISO.exec(value.trim())
  if (!parts) return undefined
  const [, year, month, date, time = '00:00', zone = 'Z'] = parts
  // V8 reads February 30 as March 2.
  const midnight = new Date(`${year}-${month}-${date}T00:00:00Z`)
  if (Number.isNaN(midnight.getTime()) || midnight.getUTCDate() !== Number(date)) return undefined
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone
  return inRange(Date.parse(`${year}-${month}-${date}T${time}${offset}`))
}

function inRange(ms: number): number | undefined {
  return ms >= FIRST_MS && ms <= LAST_MS ? ms : undefined
}

function limitOf(limit: Field['min'], nowMs: number, day: boolean): number | undefined {
  if (limit === undefined) return undefined
  const ms = toMs(limit, nowMs)
  return ms !== undefined && day ? Math.floor(ms / DAY_MS) * DAY_MS : ms
}
