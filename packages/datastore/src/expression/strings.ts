import { decimalParts, formatDecimal } from '../bson/decimal.ts'
import { optionNumber, toNumber } from '../bson/number.ts'
import { compareStrings } from '../bson/order.ts'
import {
  BsonSymbol,
  DateTime,
  Decimal,
  isNumber,
  Regex,
  typeName,
  type Maybe,
  type Value,
} from '../bson/value.ts'
import { compileRegex } from '../query/regex.ts'
import { locationError } from '../server/mongo-error.ts'
import { between, exactly, isNothing, named, ofValues, operands, wholeNumber } from './operands.ts'
import type { Compile, Expression, Operator, Scope } from './scope.ts'

/** A value as text, where MongoDB takes numbers and dates for text; nothing is the empty text. */
function textOf(value: Maybe, name: string): string {
  if (isNothing(value)) return ''
  if (typeof value === 'string') return value
  if (value instanceof BsonSymbol) return value.value
  if (value instanceof DateTime) return new Date(value.ms).toISOString()
  if (value instanceof Decimal) return formatDecimal(decimalParts(value))
  if (isNumber(value)) return String(toNumber(value))
  throw locationError(16007, `can't convert from BSON type ${typeName(value)} to String (${name})`)
}

function demandText(value: Maybe, name: string, code = 16702): string {
  if (typeof value === 'string') return value
  throw locationError(code, `${name} requires a string, found: ${typeName(value)}`)
}

const concat: Operator = (source, compile) => {
  const list = operands(source, compile)
  return (scope) => {
    let text = ''
    for (const item of list) {
      const value = item(scope)
      if (isNothing(value)) return null
      text += demandText(value, '$concat')
    }
    return text
  }
}

function ofText(run: (text: string) => Value): Operator {
  return (source, compile, name) => {
    const [operand] = exactly(1, source, { compile, name }) as [Expression]
    return (scope) => run(textOf(operand(scope), name))
  }
}

const substrCodePoints: Operator = (source, compile, name) => {
  const [text, start, count] = exactly(3, source, { compile, name }) as [Expression, Expression, Expression]
  return (scope) => {
    const points = [...textOf(text(scope), name)]
    const from = wholeNumber(start(scope), [34450, 34451], `${name}: starting index must be a whole number`)
    const length = wholeNumber(count(scope), [34452, 34453], `${name}: length must be a whole number`)
    if (from < 0) throw locationError(34455, `${name}: starting index must be non-negative`)
    if (length < 0) throw locationError(34454, `${name}: length must be a non-negative number`)
    return points.slice(from, from + length).join('')
  }
}

function place(value: Maybe, code: number, name: string): number {
  const number = optionNumber(value)
  if (number === null) throw locationError(code, `${name}: indexes must be numbers, found ${typeName(value)}`)
  return number
}

/** By bytes of UTF-8; a cut in the middle of a character is refused. */
const substrBytes: Operator = (source, compile, name) => {
  const [text, start, count] = exactly(3, source, { compile, name }) as [Expression, Expression, Expression]
  return (scope) => {
    const bytes = Buffer.from(textOf(text(scope), name))
    const from = place(start(scope), 16034, name)
    const length = place(count(scope), 16035, name)
    if (from < 0) throw locationError(50752, `${name}: starting index must be non-negative`)
    const end = length < 0 ? bytes.length : Math.min(bytes.length, from + length)
    for (const [code, at] of [
      [28656, from],
      [28657, end],
    ] as const) {
      if (at < bytes.length && (bytes[at]! & 0xc0) === 0x80)
        throw locationError(code, `${name}: Invalid range, the cut is in the middle of a UTF-8 character.`)
    }
    return bytes.subarray(from, end).toString()
  }
}

/** Where a search begins or ends. @throws 40096, 40097 */
export function indexPlace(value: Maybe, name: string): number {
  const index = wholeNumber(value, [40096, 40096], `${name} requires an integral starting index`)
  if (index < 0) throw locationError(40097, `${name} requires a nonnegative start index, found: ${index}`)
  return index
}

const indexOf =
  (bytes: boolean): Operator =>
  (source, compile, name) => {
    const [text, part, start, end] = between([2, 4], source, { compile, name })
    return (scope) => {
      const given = text!(scope)
      if (isNothing(given)) return null
      const [textCode, partCode] = bytes ? [40091, 40092] : [40093, 40094]
      const haystack = demandText(given, name, textCode)
      const units = bytes ? Buffer.from(haystack) : [...haystack]
      const wanted = demandText(part!(scope), name, partCode)
      const from = start ? indexPlace(start(scope), name) : 0
      const to = end ? indexPlace(end(scope), name) : units.length
      if (Buffer.isBuffer(units)) {
        return from > units.length ? -1 : units.subarray(0, to).indexOf(wanted, from)
      }
      const size = [...wanted].length
      for (let at = from; at + size <= Math.min(to, units.length); at++)
        if (units.slice(at, at + size).join('') === wanted) return at
      return -1
    }
  }

function split([text, separator]: Value[], name: string): Maybe {
  const whole = demandText(text, name, 40085)
  const by = demandText(separator, name, 40086)
  if (by === '') throw locationError(40087, '$split requires a non-empty separator')
  return whole.split(by)
}

const WHITESPACE = '\\0\\s\\u00a0\\u1680\\u2000-\\u200a'

function trim(left: boolean, right: boolean): Operator {
  return (source, compile, name) => {
    const spec = named(source, name, { required: ['input'], optional: ['chars'] })
    const input = compile(spec.get('input')!)
    const chars = spec.has('chars') ? compile(spec.get('chars')!) : null
    return (scope) => {
      const text = input(scope)
      const given = chars?.(scope)
      if (isNothing(text) || (chars && isNothing(given))) return null
      const set = chars ? demandText(given, name, 50700).replaceAll(/[\\\]^-]/g, '\\$&') : WHITESPACE
      let out = demandText(text, name, 50699)
      if (set === '') return out
      if (left) out = out.replace(new RegExp(`^[${set}]+`, 'u'), '')
      if (right) {
        const one = new RegExp(`[${set}]`, 'u')
        const points = [...out]
        while (points.length > 0 && one.test(points.at(-1)!)) points.pop()
        out = points.join('')
      }
      return out
    }
  }
}

const replace =
  (all: boolean): Operator =>
  (source, compile, name) => {
    const spec = named(source, name, { required: ['input', 'find', 'replacement'] })
    const parts = ['input', 'find', 'replacement'].map((field) => compile(spec.get(field)!))
    return (scope) => {
      const values = parts.map((part) => part(scope))
      values.forEach((value, i) => isNothing(value) || demandText(value, name, 51746 - i))
      if (values.some(isNothing)) return null
      const [input, find, replacement] = values as [string, string, string]
      return all ? input.replaceAll(find, () => replacement) : input.replace(find, () => replacement)
    }
  }

interface RegexCall {
  input: Expression
  regex: (scope: Scope) => RegExp | null
}

function regexCall(source: Value, compile: Compile, name: string): RegexCall {
  const spec = named(source, name, { required: ['input', 'regex'], optional: ['options'] })
  const regex = compile(spec.get('regex')!)
  const options = spec.has('options') ? compile(spec.get('options')!) : null
  return {
    input: compile(spec.get('input')!),
    regex(scope) {
      const pattern = regex(scope)
      const flags = options?.(scope)
      const given = isNothing(flags) ? '' : demandText(flags, name, 51106)
      if (isNothing(pattern)) return null
      if (!(pattern instanceof Regex)) return compileRegex(demandText(pattern, name, 51105), given, 51111)
      if (given && pattern.options)
        throw locationError(51107, `${name}: regex option(s) specified in both 'regex' and 'option' fields`)
      return compileRegex(pattern.pattern, given || pattern.options, 51111)
    },
  }
}

function found(match: RegExpMatchArray): Value {
  return new Map<string, Value>([
    ['match', match[0]],
    ['idx', [...match.input!.slice(0, match.index)].length],
    ['captures', match.slice(1).map((part) => part ?? null)],
  ])
}

const regexMatch: Operator = (source, compile, name) => {
  const { input, regex } = regexCall(source, compile, name)
  return (scope) => {
    const text = input(scope)
    const pattern = regex(scope)
    return !isNothing(text) && pattern !== null && pattern.test(demandText(text, name, 51104))
  }
}

const regexFind: Operator = (source, compile, name) => {
  const { input, regex } = regexCall(source, compile, name)
  return (scope) => {
    const text = input(scope)
    const pattern = regex(scope)
    if (isNothing(text) || !pattern) return null
    const match = demandText(text, name, 51104).match(pattern)
    return match ? found(match) : null
  }
}

const regexFindAll: Operator = (source, compile, name) => {
  const { input, regex } = regexCall(source, compile, name)
  return (scope) => {
    const text = input(scope)
    const pattern = regex(scope)
    if (isNothing(text) || !pattern) return []
    return [...demandText(text, name, 51104).matchAll(new RegExp(pattern.source, `${pattern.flags}g`))].map(
      found,
    )
  }
}

const strcasecmp: Operator = (source, compile, name) => {
  const [a, b] = exactly(2, source, { compile, name }) as [Expression, Expression]
  return (scope) =>
    Math.sign(compareStrings(textOf(a(scope), name).toUpperCase(), textOf(b(scope), name).toUpperCase()))
}

const strLen =
  (bytes: boolean): Operator =>
  (source, compile, name) => {
    const [operand] = exactly(1, source, { compile, name }) as [Expression]
    return (scope) => {
      const text = operand(scope)
      if (typeof text !== 'string')
        throw locationError(
          bytes ? 34473 : 34471,
          `${name} requires a string argument, found: ${typeName(text)}`,
        )
      return bytes ? Buffer.byteLength(text) : [...text].length
    }
  }

export const stringOperators: [string, Operator][] = [
  ['$concat', concat],
  ['$toLower', ofText((text) => text.toLowerCase())],
  ['$toUpper', ofText((text) => text.toUpperCase())],
  ['$substrCP', substrCodePoints],
  ['$substrBytes', substrBytes],
  ['$substr', substrBytes],
  ['$indexOfCP', indexOf(false)],
  ['$indexOfBytes', indexOf(true)],
  ['$strLenCP', strLen(false)],
  ['$strLenBytes', strLen(true)],
  ['$split', ofValues(2, split)],
  ['$trim', trim(true, true)],
  ['$ltrim', trim(true, false)],
  ['$rtrim', trim(false, true)],
  ['$replaceOne', replace(false)],
  ['$replaceAll', replace(true)],
  ['$regexMatch', regexMatch],
  ['$regexFind', regexFind],
  ['$regexFindAll', regexFindAll],
  ['$strcasecmp', strcasecmp],
]
