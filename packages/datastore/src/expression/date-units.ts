// Arithmetic with calendar units.
import { toInt64 } from '../bson/number.ts'
import { DateTime, isNumber, typeName, type Maybe, type Value } from '../bson/value.ts'
import { locationError, mongoError } from '../server/mongo-error.ts'
import { fromWallClock, zoneOffsetMs } from './date-text.ts'
import { momentOf, optional, zoneOf } from './dates.ts'
import { isNothing, named } from './operands.ts'
import type { Expression, Operator } from './scope.ts'

const UNIT_MS: Record<string, number> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
}
const UNIT_MONTHS: Record<string, number> = { month: 1, quarter: 3, year: 12 }

/** Months keep the day where the other month has it, else its last day. */
export function addUnits(wall: Date, unit: string, amount: number): number {
  if (UNIT_MS[unit]) return wall.getTime() + amount * UNIT_MS[unit]
  const months = wall.getUTCMonth() + amount * UNIT_MONTHS[unit]!
  const last = new Date(Date.UTC(wall.getUTCFullYear(), months + 1, 0)).getUTCDate()
  const day = Math.min(wall.getUTCDate(), last)
  const time = wall.getTime() - Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate())
  return Date.UTC(wall.getUTCFullYear(), months, day) + time
}

/** JavaScript's dates reach 8.64e15 ms to either side of 1970. */
const MAX_AMOUNT_MS = 8.64e15

export function unitOf(unit: Maybe, name: string): string {
  const adds = name === '$dateAdd' || name === '$dateSubtract'
  if (typeof unit !== 'string')
    throw locationError(
      adds ? 5166404 : 5439013,
      `${name} requires 'unit' to be a string, but got ${typeName(unit)}`,
    )
  if (UNIT_MS[unit] || UNIT_MONTHS[unit]) return unit
  const message = `unknown time unit value: ${unit} (${name})`
  throw adds ? mongoError('FailedToParse', message) : locationError(5439014, message)
}

/** Milliseconds of a unit that always lasts the same. @throws for months and their like */
export function unitMs(unit: Value, name: string): number {
  const ms = UNIT_MS[unitOf(unit, name)]
  if (ms === undefined)
    throw locationError(5490704, `unit must be 'week' or smaller in ${name}, found ${String(unit)}`)
  return ms
}

const dateAdd: Operator = (source, compile, name) => {
  const spec = named(source, name, { required: ['startDate', 'unit', 'amount'], optional: ['timezone'] })
  const [start, unit, amount] = ['startDate', 'unit', 'amount'].map((field) => compile(spec.get(field)!)) as [
    Expression,
    Expression,
    Expression,
  ]
  const timezone = optional(spec, 'timezone', compile)
  const sign = name === '$dateSubtract' ? -1 : 1
  return (scope) => {
    const value = start(scope)
    const given = amount(scope)
    const zone = zoneOf(timezone, scope)
    const wanted = unit(scope)
    if (isNothing(value) || isNothing(given) || isNothing(wanted) || zone === null) return null
    const kind = unitOf(wanted, name)
    const exact = isNumber(given) ? toInt64(given) : null
    if (exact === null) throw locationError(5166405, `${name} expects integer amount of time units`)
    const count = Number(exact)
    const ms = momentOf(value, name, 5166403)
    if (Math.abs(count) > MAX_AMOUNT_MS / (UNIT_MS[kind] ?? UNIT_MONTHS[kind]! * UNIT_MS['day']! * 28))
      throw locationError(5166406, `${name} overflowed: ${count} ${kind}s`)
    // hours and less are lengths of time, days and more are places in the calendar
    if (kind !== 'day' && kind !== 'week' && UNIT_MS[kind])
      return new DateTime(ms + sign * count * UNIT_MS[kind])
    return new DateTime(
      fromWallClock(addUnits(new Date(ms + zoneOffsetMs(zone, ms)!), kind, sign * count), zone),
    )
  }
}

const dateDiff: Operator = (source, compile, name) => {
  const spec = named(source, name, {
    required: ['startDate', 'endDate', 'unit'],
    optional: ['timezone', 'startOfWeek'],
  })
  const [start, end, unit] = ['startDate', 'endDate', 'unit'].map((field) => compile(spec.get(field)!)) as [
    Expression,
    Expression,
    Expression,
  ]
  const timezone = optional(spec, 'timezone', compile)
  const startOfWeek = optional(spec, 'startOfWeek', compile)
  return (scope) => {
    const [a, b] = [start(scope), end(scope)]
    const zone = zoneOf(timezone, scope)
    const wanted = unit(scope)
    if (isNothing(a) || isNothing(b) || isNothing(wanted) || zone === null) return null
    const kind = unitOf(wanted, name)
    const first = weekday(startOfWeek?.(scope), name)
    const index = (value: Value): number => {
      const ms = momentOf(value, name, 5166307)
      return unitIndex(new Date(ms + zoneOffsetMs(zone, ms)!), kind, first)
    }
    return BigInt(index(b) - index(a))
  }
}

/** How many whole units a wall clock has passed since 1970. */
function unitIndex(wall: Date, unit: string, firstWeekday: number): number {
  if (UNIT_MONTHS[unit])
    return Math.floor((wall.getUTCFullYear() * 12 + wall.getUTCMonth()) / UNIT_MONTHS[unit])
  if (unit !== 'week') return Math.floor(wall.getTime() / UNIT_MS[unit]!)
  const days = Math.floor(wall.getTime() / UNIT_MS['day']!)
  return Math.floor((days + 4 - firstWeekday) / 7) // day 0 was a Thursday (4)
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

function weekday(value: Maybe, name: string): number {
  if (isNothing(value)) return 0
  if (typeof value !== 'string')
    throw locationError(5439015, `${name} requires 'startOfWeek' to be a string, but got ${typeName(value)}`)
  const wanted = value.toLowerCase()
  const found = WEEKDAYS.findIndex((day) => day === wanted || day.slice(0, 3) === wanted)
  if (found < 0)
    throw locationError(5439016, `${name} parameter 'startOfWeek' value cannot be recognized: ${value}`)
  return found
}

const dateTrunc: Operator = (source, compile, name) => {
  const spec = named(source, name, {
    required: ['date', 'unit'],
    optional: ['binSize', 'timezone', 'startOfWeek'],
  })
  const [date, unit] = [compile(spec.get('date')!), compile(spec.get('unit')!)]
  const [binSize, timezone, startOfWeek] = ['binSize', 'timezone', 'startOfWeek'].map((field) =>
    optional(spec, field, compile),
  ) as (Expression | null)[]
  return (scope) => {
    const value = date(scope)
    const zone = zoneOf(timezone ?? null, scope)
    const wanted = unit(scope)
    const bin = binSize ? binSize(scope) : 1
    if (isNothing(value) || isNothing(wanted) || isNothing(bin) || zone === null) return null
    const exact = isNumber(bin) ? toInt64(bin) : null
    if (exact === null)
      throw locationError(
        5439017,
        `${name} requires 'binSize' to be a 64-bit integer, but got ${typeName(bin)}`,
      )
    const count = Number(exact)
    if (count <= 0) throw locationError(5439018, `${name} requires 'binSize' to be greater than 0`)
    const ms = momentOf(value, name, 5439012)
    const wall = new Date(ms + zoneOffsetMs(zone, ms)!)
    return new DateTime(
      fromWallClock(
        truncate(wall, { unit: unitOf(wanted, name), count, first: weekday(startOfWeek?.(scope), name) }),
        zone,
      ),
    )
  }
}

/** Bins are counted from 1 January 2000, as MongoDB does. */
function truncate(
  wall: Date,
  { unit, count, first }: { unit: string; count: number; first: number },
): number {
  const reference = new Date(Date.UTC(2000, 0, 1))
  const base = unitIndex(reference, unit, first)
  const bins = Math.floor((unitIndex(wall, unit, first) - base) / count) * count
  if (UNIT_MONTHS[unit]) return Date.UTC(2000, bins * UNIT_MONTHS[unit], 1)
  if (unit !== 'week') return reference.getTime() + bins * UNIT_MS[unit]!
  const weekStart = (base * 7 - 4 + first) * UNIT_MS['day']!
  return weekStart + bins * UNIT_MS['week']!
}

export const dateUnitOperators: [string, Operator][] = [
  ['$dateAdd', dateAdd],
  ['$dateSubtract', dateAdd],
  ['$dateDiff', dateDiff],
  ['$dateTrunc', dateTrunc],
]
