import { optionNumber } from '../bson/number.ts'
import {
  DateTime,
  isDoc,
  ObjectId,
  Timestamp,
  typeName,
  type Doc,
  type Maybe,
  type Value,
} from '../bson/value.ts'
import { locationError, mongoError } from '../server/mongo-error.ts'
import {
  dayOfYear,
  formatDate,
  fromWallClock,
  isoDate,
  isoDayOfWeek,
  isoWeek,
  parseDate,
  readDate,
  sundayWeek,
  zoneOffsetMs,
} from './date-text.ts'
import { isNothing, named } from './operands.ts'
import type { Compile, Expression, Operator, Scope } from './scope.ts'

function momentOf(value: Maybe, name: string): number {
  if (value instanceof DateTime) return value.ms
  if (value instanceof ObjectId) return value.bytes.readUInt32BE(0) * 1000
  if (value instanceof Timestamp) return Number(value.value >> 32n) * 1000
  throw locationError(16006, `can't convert from BSON type ${typeName(value)} to Date (${name})`)
}

function optional(spec: Doc, field: string, compile: Compile): Expression | null {
  return spec.has(field) ? compile(spec.get(field)!) : null
}

function zoneOf(timezone: Expression | null, scope: Scope): string | null {
  if (!timezone) return 'UTC'
  const zone = timezone(scope)
  if (isNothing(zone)) return null
  if (typeof zone !== 'string')
    throw locationError(40517, `timezone must evaluate to a string, found ${typeName(zone)}`)
  if (zoneOffsetMs(zone, 0) === null)
    throw locationError(40485, `unrecognized time zone identifier: "${zone}"`)
  return zone
}

/** A part of a date: `$year: "$at"` or `$year: { date, timezone }`. */
function part(read: (wall: Date) => Value): Operator {
  return (source, compile, name) => {
    const full = isDoc(source) && source.has('date')
    const one = Array.isArray(source) && source.length === 1 ? source[0]! : source
    const date = compile(full ? (source as Doc).get('date')! : one)
    const timezone = full ? optional(source as Doc, 'timezone', compile) : null
    return (scope) => {
      const value = date(scope)
      const zone = zoneOf(timezone, scope)
      if (isNothing(value) || zone === null) return null
      const ms = momentOf(value, name)
      return read(new Date(ms + zoneOffsetMs(zone, ms)!))
    }
  }
}

const dateToString: Operator = (source, compile, name) => {
  const spec = named(source, name, { required: ['date'], optional: ['format', 'timezone', 'onNull'] })
  const date = compile(spec.get('date')!)
  const [format, timezone, onNull] = ['format', 'timezone', 'onNull'].map((field) =>
    optional(spec, field, compile),
  ) as [Expression | null, Expression | null, Expression | null]
  return (scope) => {
    const value = date(scope)
    if (isNothing(value)) return onNull ? onNull(scope) : null
    const zone = zoneOf(timezone, scope)
    const pattern = format ? format(scope) : '%Y-%m-%dT%H:%M:%S.%LZ'
    if (zone === null || isNothing(pattern)) return null
    if (typeof pattern !== 'string')
      throw locationError(
        18533,
        `$dateToString requires that 'format' be a string, found: ${typeName(pattern)}`,
      )
    const ms = momentOf(value, name)
    if (!format && zone === 'UTC') return isoDate(ms)
    const text = formatDate(ms, pattern, zone)
    if (text === null) throw locationError(18536, `Invalid format character in format string: ${pattern}`)
    return text
  }
}

const dateFromString: Operator = (source, compile, name) => {
  const spec = named(source, name, {
    required: ['dateString'],
    optional: ['format', 'timezone', 'onError', 'onNull'],
  })
  const input = compile(spec.get('dateString')!)
  const [format, timezone, onError, onNull] = ['format', 'timezone', 'onError', 'onNull'].map((field) =>
    optional(spec, field, compile),
  ) as (Expression | null)[]
  return (scope) => {
    const text = input(scope)
    if (isNothing(text)) return onNull ? onNull(scope) : null
    const zone = zoneOf(timezone ?? null, scope)
    const pattern = format ? format(scope) : null
    if (zone === null) return null
    const ms =
      typeof text !== 'string'
        ? null
        : typeof pattern === 'string'
          ? readDate(text, pattern, zone)
          : inZone(text, zone)
    if (ms !== null) return new DateTime(ms)
    if (onError) return onError(scope)
    throw mongoError('ConversionFailure', `Error parsing date string '${String(text)}'`)
  }
}

/** A text without a zone of its own is a wall clock's time in the given one. */
function inZone(text: string, zone: string): number | null {
  const ms = parseDate(text)
  return ms === null || /(?:Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10)) ? ms : fromWallClock(ms, zone)
}

const dateToParts: Operator = (source, compile, name) => {
  const spec = named(source, name, { required: ['date'], optional: ['timezone', 'iso8601'] })
  const date = compile(spec.get('date')!)
  const timezone = optional(spec, 'timezone', compile)
  return (scope) => {
    const value = date(scope)
    const zone = zoneOf(timezone, scope)
    if (isNothing(value) || zone === null) return null
    const ms = momentOf(value, name)
    const wall = new Date(ms + zoneOffsetMs(zone, ms)!)
    const iso = spec.get('iso8601') === true
    const days: [string, Value][] = iso
      ? [
          ['isoWeekYear', isoWeek(wall).year],
          ['isoWeek', isoWeek(wall).week],
          ['isoDayOfWeek', isoDayOfWeek(wall)],
        ]
      : [
          ['year', wall.getUTCFullYear()],
          ['month', wall.getUTCMonth() + 1],
          ['day', wall.getUTCDate()],
        ]
    return new Map<string, Value>([
      ...days,
      ['hour', wall.getUTCHours()],
      ['minute', wall.getUTCMinutes()],
      ['second', wall.getUTCSeconds()],
      ['millisecond', wall.getUTCMilliseconds()],
    ])
  }
}

const PARTS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond']

const dateFromParts: Operator = (source, compile, name) => {
  const spec = named(source, name, { required: ['year'], optional: [...PARTS.slice(1), 'timezone'] })
  const parts = PARTS.map((field) => optional(spec, field, compile))
  const timezone = optional(spec, 'timezone', compile)
  return (scope) => {
    const zone = zoneOf(timezone, scope)
    const values = parts.map((expression, i) => (expression ? expression(scope) : i < 3 ? 1 : 0))
    if (zone === null || values.some(isNothing)) return null
    const numbers = values.map((value) => optionNumber(value))
    if (numbers.includes(null)) throw locationError(40515, `${name} requires integers for its parts`)
    const [year, month, day, hour, minute, second, ms] = numbers as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    return new DateTime(fromWallClock(Date.UTC(year, month - 1, day, hour, minute, second, ms), zone))
  }
}

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
function addUnits(wall: Date, unit: string, amount: number): number {
  if (UNIT_MS[unit]) return wall.getTime() + amount * UNIT_MS[unit]
  const months = wall.getUTCMonth() + amount * UNIT_MONTHS[unit]!
  const last = new Date(Date.UTC(wall.getUTCFullYear(), months + 1, 0)).getUTCDate()
  const day = Math.min(wall.getUTCDate(), last)
  const time = wall.getTime() - Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate())
  return Date.UTC(wall.getUTCFullYear(), months, day) + time
}

function unitOf(unit: Maybe, name: string): string {
  if (typeof unit === 'string' && (UNIT_MS[unit] || UNIT_MONTHS[unit])) return unit
  throw mongoError('FailedToParse', `unknown time unit value: ${String(unit)} (${name})`)
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
    const count = optionNumber(given)
    if (count === null) throw locationError(5166405, `${name} expects integer amount of time units`)
    const ms = momentOf(value, name)
    const kind = unitOf(wanted, name)
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
      const ms = momentOf(value, name)
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
  const found =
    typeof value === 'string'
      ? WEEKDAYS.findIndex((day) => day === value.toLowerCase() || day.slice(0, 3) === value.toLowerCase())
      : -1
  if (found < 0) throw mongoError('FailedToParse', `unknown day of week value: ${String(value)} (${name})`)
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
    const count = optionNumber(bin) ?? 0
    if (count <= 0) throw locationError(5439018, `${name} requires 'binSize' to be greater than 0`)
    const ms = momentOf(value, name)
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

export const dateOperators: [string, Operator][] = [
  ['$year', part((wall) => wall.getUTCFullYear())],
  ['$month', part((wall) => wall.getUTCMonth() + 1)],
  ['$dayOfMonth', part((wall) => wall.getUTCDate())],
  ['$dayOfWeek', part((wall) => wall.getUTCDay() + 1)],
  ['$dayOfYear', part((wall) => dayOfYear(wall))],
  ['$hour', part((wall) => wall.getUTCHours())],
  ['$minute', part((wall) => wall.getUTCMinutes())],
  ['$second', part((wall) => wall.getUTCSeconds())],
  ['$millisecond', part((wall) => wall.getUTCMilliseconds())],
  ['$week', part((wall) => sundayWeek(wall))],
  ['$isoWeek', part((wall) => isoWeek(wall).week)],
  ['$isoWeekYear', part((wall) => BigInt(isoWeek(wall).year))],
  ['$isoDayOfWeek', part((wall) => isoDayOfWeek(wall))],
  ['$dateToString', dateToString],
  ['$dateFromString', dateFromString],
  ['$dateToParts', dateToParts],
  ['$dateFromParts', dateFromParts],
  ['$dateAdd', dateAdd],
  ['$dateSubtract', dateAdd],
  ['$dateDiff', dateDiff],
  ['$dateTrunc', dateTrunc],
]
