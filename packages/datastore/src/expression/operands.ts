import { isDoc, isNumber, Undefined, typeName, type Doc, type Maybe, type Value } from '../bson/value.ts'
import { toInt64, toNumber, type Num } from '../bson/number.ts'
import { locationError, mongoError } from '../server/mongo-error.ts'
import { ARGUMENT_CODES } from './argument-codes.ts'
import type { Compile, Expression, Operator } from './scope.ts'

/** Operands of an operator: a list, or a single one that stands for a list of one. */
export function operands(source: Value, compile: Compile): Expression[] {
  return Array.isArray(source) ? source.map(compile) : [compile(source)]
}

/** Operands of an operator that takes so many. @throws 16020, 28667 */
export function exactly(
  count: number,
  source: Value,
  { compile, name }: { compile: Compile; name: string },
): Expression[] {
  const list = operands(source, compile)
  if (list.length === count) return list
  throw locationError(
    16020,
    `Expression ${name} takes exactly ${count} arguments. ${list.length} were passed in.`,
  )
}

/** Operands of an operator that takes some of a range. */
export function between(
  [least, most]: [number, number],
  source: Value,
  { compile, name }: { compile: Compile; name: string },
): Expression[] {
  const list = operands(source, compile)
  if (list.length >= least && list.length <= most) return list
  throw locationError(
    28667,
    `Expression ${name} takes at least ${least} arguments, and at most ${most}, but ${list.length} were passed in.`,
  )
}

/** Named operands, `{ input: …, as: … }`. @throws the operator's own numbers (argument-codes.ts) */
export function named(
  source: Value,
  name: string,
  { required, optional = [] }: { required: string[]; optional?: string[] },
): Doc {
  const codes = ARGUMENT_CODES[name]!
  if (!isDoc(source))
    throw numbered(codes.object, `${name} only supports an object as its argument, not ${typeName(source)}`)
  for (const field of source.keys()) {
    if (!required.includes(field) && !optional.includes(field))
      throw numbered(codes.unknown, `Unrecognized parameter to ${name}: ${field}`)
  }
  for (const field of required) {
    if (source.has(field)) continue
    const code = typeof codes.missing === 'number' ? codes.missing : codes.missing[field]!
    throw numbered(code, `Missing '${field}' parameter to ${name}`)
  }
  return source
}

function numbered(code: number, message: string): Error {
  return code === 9 ? mongoError('FailedToParse', message) : locationError(code, message)
}

/** Checks the name that an operator's `as` or `vars` gives a variable. @throws 16866 … 16868 */
export function variableName(given: Value | undefined, fallback: string): string {
  if (given === undefined) return fallback
  if (typeof given !== 'string' || given === '')
    throw locationError(16866, 'empty variable names are not allowed')
  if (!/^[a-z\u0080-\uffff]/.test(given) && given !== 'CURRENT')
    throw locationError(16867, `'${given}' starts with an invalid character for a user variable name`)
  const bad = /[^\w\u0080-\uffff]/.exec(given)
  if (bad)
    throw locationError(16868, `'${given}' contains an invalid character for a variable name: '${bad[0]}'`)
  return given
}

/** A whole number as an operand; apart for what is no number and what is no whole one. */
export function wholeNumber(value: Maybe, [notNumber, notWhole]: [number, number], what: string): number {
  if (!isNumber(value)) throw locationError(notNumber, `${what}, found: ${typeName(value)}`)
  const exact = toInt64(value)
  if (exact === null || BigInt.asIntN(32, exact) !== exact)
    throw locationError(notWhole, `${what}, found: ${toNumber(value)}`)
  return Number(exact)
}

/** Null, missing and the old "undefined" make most operators give null. */
export function isNothing(value: Maybe): value is null | undefined | Undefined {
  return value === undefined || value === null || value instanceof Undefined
}

/** The truth of a value: false, null, missing, undefined and zero are false, all else is true. */
export function isTrue(value: Maybe): boolean {
  if (isNothing(value) || value === false) return false
  return !isNumber(value) || toNumber(value) !== 0
}

/** An operator of one number; null where there is nothing. */
export function ofNumber(run: (value: Num) => Value): Operator {
  return (source, compile, name) => {
    const [operand] = exactly(1, source, { compile, name }) as [Expression]
    return (scope) => {
      const value = operand(scope)
      if (isNothing(value)) return null
      if (!isNumber(value))
        throw locationError(28765, `${name} only supports numeric types, not ${typeName(value)}`)
      return run(value)
    }
  }
}

/** An operator of a fixed count of operands, given their values; null where one of them is nothing. */
export function ofValues(count: number, run: (values: Value[], name: string) => Maybe): Operator {
  return (source, compile, name) => {
    const list = exactly(count, source, { compile, name })
    return (scope) => {
      const values: Value[] = []
      for (const item of list) {
        const value = item(scope)
        if (isNothing(value)) return null
        values.push(value)
      }
      return run(values, name)
    }
  }
}
