import { toInt64 } from '../bson/number.ts'
import {
  DateTime,
  isDoc,
  isNumber,
  ObjectId,
  Timestamp,
  typeName,
  type Doc,
  type Maybe,
  type Value,
} from '../bson/value.ts'
import { locationError, mongoError } from '../server/mongo-error.ts'
import {
  DAY_MS,
  dayOfYear,
  formatDate,
  fromWallClock,
  isoDate,
  isoDayOfWeek,
  isoWeek,
  isoWeekStart,
  parseDate,
  readDate,
  sundayWeek,
  unknownSpecifier,
  zoneOffsetMs,
} from './date-text.ts'
import { isNothing, named } from './operands.ts'
import type { Compile, Expression, Operator, Scope } from './scope.ts'

export function momentOf(value: Maybe, name: string, code = 16006): number {
  if (value instanceof DateTime) return value.ms
  if (value instanceof ObjectId) return value.bytes.readUInt32BE(0) * 1000
  if (value instanceof Timestamp) return Number(value.value >> 32n) * 1000
  throw locationError(code, `can't convert from BSON type ${typeName(value)} to Date (${name})`)
}

export function optional(spec: Doc, field: string, compile: Compile): Expression | null {
  return spec.has(field) ? compile(spec.get(field)!) : null
}

export function zoneOf(timezone: Expression | null, scope: Scope): string | null {
  if (!timezone) return 'UTC'
  const zone = timezone(scope)
  if (isNothing(zone)) return null
  if (typeof zone !== 'string')
    throw locationError(40517, `timezone must evaluate to a string, found ${typeName(zone)}`)
  if (zoneOffsetMs(zone, 0) === null)
    throw locationError(40485, `unrecognized time zone identifier: "${zone}"`)
  return zone
}

/** `{ date, timezone }`, or null for an expression. @throws 40535, 40539 */
function partOptions(source: Value, name: string): Doc | null {
  if (!isDoc(source) || [...source.keys()][0]?.startsWith('$')) return null
  for (const field of source.keys())
    if (field !== 'date' && field !== 'timezone')
      throw locationError(40535, `unrecognized option to ${name}: "${field}"`)
  if (!source.has('date')) throw locationError(40539, `missing 'date' argument to ${name}`)
  return source
}

function onlyOne(source: Value, name: string): Value {
  if (!Array.isArray(source)) return source
  if (source.length === 1) return source[0]!
  throw locationError(
    40536,
    `${name} accepts exactly one argument if given an array, but was given ${source.length}`,
  )
}

/** A part of a date: `$year: "$at"` or `$year: { date, timezone }`. */
function part(read: (wall: Date) => Value): Operator {
  return (source, compile, name) => {
    const spec = partOptions(source, name)
    const date = compile(spec ? spec.get('date')! : onlyOne(source, name))
    const timezone = spec ? optional(spec, 'timezone', compile) : null
    return (scope) => {
      const value = date(scope)
      const zone = zoneOf(timezone, scope)
      if (isNothing(value) || zone === null) return null
      const ms = momentOf(value, name)
      return read(new Date(ms + zoneOffsetMs(zone, ms)!))
    }
  }
}

const UTC_FORMAT = '%Y-%m-%dT%H:%M:%S.%LZ'
/** Where a zone is given, the time is the wall clock's and says no zone. */
const LOCAL_FORMAT = '%Y-%m-%dT%H:%M:%S.%L'

/** @throws 18535 for a lonely `%` at the end, 18536 for an unknown letter */
function checkFormat(pattern: string): void {
  const bad = unknownSpecifier(pattern)
  if (bad === '') throw locationError(18535, "Unmatched '%' at end of format string")
  if (bad !== null) throw locationError(18536, `Invalid format character '%${bad}' in format string`)
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
    const pattern = format ? format(scope) : zone === 'UTC' ? UTC_FORMAT : LOCAL_FORMAT
    if (zone === null || isNothing(pattern)) return null
    if (typeof pattern !== 'string')
      throw locationError(
        18533,
        `$dateToString requires that 'format' be a string, found: ${typeName(pattern)}`,
      )
    const ms = momentOf(value, name)
    if (!format && zone === 'UTC') return isoDate(ms)
    checkFormat(pattern)
    const year = new Date(ms + zoneOffsetMs(zone, ms)!).getUTCFullYear()
    if (!(year >= 0 && year <= 9999))
      throw locationError(
        18537,
        `Could not convert date to string: date component was outside range: ${year}`,
      )
    return formatDate(ms, pattern, zone)
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
    if (format && !isNothing(pattern) && typeof pattern !== 'string')
      throw locationError(
        40684,
        `$dateFromString requires that 'format' be a string, found: ${typeName(pattern)}`,
      )
    if (format && isNothing(pattern)) return null
    if (typeof pattern === 'string') checkFormat(pattern)
    if (typeof text !== 'string') {
      if (onError) return onError(scope)
      throw mongoError(
        'ConversionFailure',
        `$dateFromString requires that 'dateString' be a string, found: ${typeName(text)}`,
      )
    }
    const ms =
      typeof pattern === 'string' ? readDate(text, pattern, zone) : inZone(text, zone, timezone !== null)
    if (ms !== null) return new DateTime(ms)
    if (onError) return onError(scope)
    throw mongoError('ConversionFailure', `Error parsing date string '${text}'`)
  }
}

/** A text without a zone of its own is a wall clock's time in the given one; two zones are one too many. */
function inZone(text: string, zone: string, given: boolean): number | null {
  const ms = parseDate(text)
  const own = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10))
  if (ms === null || (own && given)) return null
  return own ? ms : fromWallClock(ms, zone)
}

const dateToParts: Operator = (source, compile, name) => {
  const spec = named(source, name, { required: ['date'], optional: ['timezone', 'iso8601'] })
  const date = compile(spec.get('date')!)
  const timezone = optional(spec, 'timezone', compile)
  const iso8601 = optional(spec, 'iso8601', compile)
  return (scope) => {
    const value = date(scope)
    const zone = zoneOf(timezone, scope)
    const iso = iso8601 ? iso8601(scope) : false
    if (isNothing(value) || isNothing(iso) || zone === null) return null
    if (typeof iso !== 'boolean')
      throw locationError(40521, `iso8601 must evaluate to a bool, found ${typeName(iso)}`)
    const ms = momentOf(value, name)
    const wall = new Date(ms + zoneOffsetMs(zone, ms)!)
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

const CALENDAR = ['year', 'month', 'day']
const ISO_CALENDAR = ['isoWeekYear', 'isoWeek', 'isoDayOfWeek']
const CLOCK = ['hour', 'minute', 'second', 'millisecond']

const dateFromParts: Operator = (source, compile, name) => {
  const spec = named(source, name, {
    required: [],
    optional: [...CALENDAR, ...ISO_CALENDAR, ...CLOCK, 'timezone'],
  })
  const iso = spec.has('isoWeekYear')
  if (!iso && !spec.has('year'))
    throw locationError(40516, `${name} requires either 'year' or 'isoWeekYear' to be present`)
  const [own, other] = iso ? [ISO_CALENDAR, CALENDAR] : [CALENDAR, ISO_CALENDAR]
  const mixed = other.find((field) => spec.has(field))
  if (mixed !== undefined)
    throw locationError(40489, `${name} does not allow mixing natural dates with ISO dates: ${mixed}`)
  const fields = [...own, ...CLOCK]
  const parts = fields.map((field) => optional(spec, field, compile))
  const timezone = optional(spec, 'timezone', compile)
  return (scope) => {
    const zone = zoneOf(timezone, scope)
    const values = parts.map((expression, i) => (expression ? expression(scope) : i < 3 ? 1 : 0))
    if (zone === null || values.some(isNothing)) return null
    const numbers = values.map((value, i) => datePart(value!, fields[i]!))
    return new DateTime(fromWallClock(wallOf(numbers, iso), zone))
  }
}

/** @throws 40515 for no whole number, 40523 and 31034 for one out of range */
function datePart(value: Value, field: string): number {
  const exact = isNumber(value) ? toInt64(value) : null
  if (exact === null)
    throw locationError(40515, `'${field}' must evaluate to an integer, found ${typeName(value)}`)
  const number = Number(exact)
  const isYear = field === 'year' || field === 'isoWeekYear'
  if (isYear && (number < 1 || number > 9999))
    throw locationError(
      40523,
      `'${field}' must evaluate to an integer in the range 1 to 9999, found ${number}`,
    )
  const free = field === 'second' || field === 'millisecond'
  if (!isYear && !free && Math.abs(number) > 32_767)
    throw locationError(
      31034,
      `'${field}' must evaluate to a value in the range [-32768, 32767]; value ${number}`,
    )
  return number
}

function wallOf(numbers: readonly number[], iso: boolean): number {
  const [year, second, third, hour, minute, seconds, ms] = numbers as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const time = ((hour * 60 + minute) * 60 + seconds) * 1000 + ms
  if (iso) return isoWeekStart(year, second) + (third - 1) * DAY_MS + time
  return utcDay(year, second - 1, third) + time
}

/** `Date.UTC` takes the years 0 to 99 for those of the last century. */
function utcDay(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day)
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
]
