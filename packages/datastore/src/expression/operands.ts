import { isDoc, isNumber, Undefined, typeName, type Doc, type Maybe, type Value } from '../bson/value.ts'
import { toNumber, type Num } from '../bson/number.ts'
import { locationError } from '../server/mongo-error.ts'
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

/** Named operands, `{ input: …, as: … }`. @throws for an unknown or missing one */
export function named(
  source: Value,
  name: string,
  { required, optional = [] }: { required: string[]; optional?: string[] },
): Doc {
  if (!isDoc(source))
    throw locationError(28646, `${name} only supports an object as its argument, not ${typeName(source)}`)
  for (const field of source.keys()) {
    if (!required.includes(field) && !optional.includes(field))
      throw locationError(28647, `Unrecognized parameter to ${name}: ${field}`)
  }
  for (const field of required) {
    if (!source.has(field)) throw locationError(28648, `Missing '${field}' parameter to ${name}`)
  }
  return source
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
