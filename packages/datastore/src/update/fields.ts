// The operators on single values.
import { arithmetic, toInt64, type Arithmetic, type Num } from '../bson/number.ts'
import { comparisonOf, type Variables } from '../expression/scope.ts'
import { showValue } from '../bson/show.ts'
import {
  DateTime,
  Double,
  isDoc,
  isInt32,
  isNumber,
  Timestamp,
  typeName,
  type Maybe,
  type Value,
} from '../bson/value.ts'
import { mongoError } from '../server/mongo-error.ts'
import { KEEP, UNSET, type Leaf } from './paths.ts'

/** Makes a leaf from the operand of an operator at a path. */
export type LeafMaker = (operand: Value, path: string, variables?: Variables) => Leaf

export const setLeaf: LeafMaker = (operand) => ({ creates: true, apply: () => copy(operand) })

export const unsetLeaf: LeafMaker = () => ({ creates: false, apply: () => UNSET })

/** A value that later changes to a document cannot reach through. */
export function copy(value: Value): Value {
  if (Array.isArray(value)) return value.map(copy)
  if (isDoc(value)) return new Map([...value].map(([name, item]) => [name, copy(item)] as const))
  return value
}

function arithmeticLeaf(op: Arithmetic, name: '$inc' | '$mul'): LeafMaker {
  return (operand, path) => {
    if (!isNumber(operand)) {
      const verb = name === '$inc' ? 'increment' : 'multiply'
      throw mongoError(
        'TypeMismatch',
        `Cannot ${verb} with non-numeric argument: {${path}: ${showValue(operand)}}`,
      )
    }
    return { creates: true, apply: (current) => calculate(current, operand, { op, name, path }) }
  }
}

function calculate(
  current: Maybe,
  operand: Num,
  { op, name, path }: { op: Arithmetic; name: string; path: string },
): Value {
  if (current === undefined) return op === 'add' ? operand : zeroOf(operand)
  if (!isNumber(current)) {
    throw mongoError(
      'TypeMismatch',
      `Cannot apply ${name} to a value of non-numeric type. The document has the field '${path}' of non-numeric type ${typeName(current)}`,
    )
  }
  const result = arithmetic(op, [current, operand], 'null')
  if (result === null) {
    throw mongoError(
      'BadValue',
      `Failed to apply ${name} operations to current value ((NumberLong)${showValue(current)}) for the field '${path}': the result does not fit 64 bits`,
    )
  }
  return result
}

/** Zero of the operand's type. */
function zeroOf(operand: Num): Value {
  if (typeof operand === 'bigint') return 0n
  if (typeof operand === 'number') return isInt32(operand) ? 0 : new Double(0)
  return arithmetic('multiply', [operand, 0], 'double')!
}

export const incLeaf = arithmeticLeaf('add', '$inc')
export const mulLeaf = arithmeticLeaf('multiply', '$mul')

function extremeLeaf(better: (difference: number) => boolean): LeafMaker {
  return (operand, _path, variables) => {
    const { compare } = comparisonOf(variables)
    return {
      creates: true,
      apply: (current) => (current === undefined || better(compare(operand, current)) ? operand : KEEP),
    }
  }
}

export const minLeaf = extremeLeaf((difference) => difference < 0)
export const maxLeaf = extremeLeaf((difference) => difference > 0)

let lastTimestamp = 0n

/** Replication's timestamp of now; never the same twice. */
function nextTimestamp(): Timestamp {
  const now = BigInt(Math.floor(Date.now() / 1000)) << 32n
  lastTimestamp = lastTimestamp >= now ? lastTimestamp + 1n : now + 1n
  return new Timestamp(lastTimestamp)
}

export const currentDateLeaf: LeafMaker = (operand, path) => {
  const kind = isDoc(operand) ? operand.get('$type') : operand === true || operand === false ? 'date' : null
  if (kind === 'date') return { creates: true, apply: () => new DateTime(Date.now()) }
  if (kind === 'timestamp') return { creates: true, apply: () => nextTimestamp() }
  throw mongoError(
    'BadValue',
    `${showValue(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}). Field: ${path}`,
  )
}

const BITWISE: Record<string, (a: bigint, b: bigint) => bigint> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
}

export const bitLeaf: LeafMaker = (operand, path) => {
  if (!isDoc(operand) || operand.size === 0) {
    throw mongoError(
      'BadValue',
      `The $bit modifier is not compatible with a ${typeName(operand)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}}`,
    )
  }
  const steps = [...operand].map(([name, value]) => bitStep(name, value))
  return {
    creates: true,
    apply(current) {
      if (current !== undefined && !isInteger(current)) {
        throw mongoError(
          'BadValue',
          `Cannot apply $bit to a value of non-integral type. The field ${path} is of type ${typeName(current)}`,
        )
      }
      const wide = typeof current === 'bigint' || steps.some((step) => step.wide)
      const result = steps.reduce(
        (bits, step) => step.run(bits),
        current === undefined ? 0n : BigInt(current as number | bigint),
      )
      return wide ? result : Number(result)
    },
  }
}

function isInteger(value: Value): boolean {
  return typeof value === 'bigint' || (typeof value === 'number' && isInt32(value))
}

function bitStep(name: string, value: Value): { run: (bits: bigint) => bigint; wide: boolean } {
  const run = BITWISE[name]
  if (!run)
    throw mongoError(
      'BadValue',
      `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${name}: ${showValue(value)}}`,
    )
  if (!isInteger(value))
    throw mongoError(
      'BadValue',
      `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(value)}' is not supported here: {${name}: ${showValue(value)}}`,
    )
  const mask = toInt64(value as Num)!
  return { run: (bits) => run(bits, mask), wide: typeof value === 'bigint' }
}
