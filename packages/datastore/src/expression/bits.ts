import { isInt32, Timestamp, typeName, type Value } from '../bson/value.ts'
import { locationError, mongoError } from '../server/mongo-error.ts'
import { exactly, isNothing, ofNumber, operands } from './operands.ts'
import type { Expression, Operator } from './scope.ts'

function isWhole(value: Value): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && isInt32(value))
}

/** Bits of int32 stay int32; one int64 makes all of them wide. */
function fold(start: number, run: (a: bigint, b: bigint) => bigint): Operator {
  return (source, compile, name) => {
    const list = operands(source, compile)
    return (scope) => {
      let bits: number | bigint = start
      for (const item of list) {
        const value = item(scope)
        if (isNothing(value)) return null
        if (!isWhole(value))
          throw mongoError('TypeMismatch', `${name} only supports int and long, not: ${typeName(value)}.`)
        const wide: boolean = typeof bits === 'bigint' || typeof value === 'bigint'
        const result: bigint = run(BigInt(bits), BigInt(value))
        bits = wide ? result : Number(result)
      }
      return bits
    }
  }
}

const bitNot: Operator = ofNumber((value) => {
  if (!isWhole(value))
    throw mongoError('TypeMismatch', `$bitNot only supports int and long, not: ${typeName(value)}.`)
  return typeof value === 'bigint' ? ~value : ~value
})

/** `$tsSecond` and `$tsIncrement` are beside them: they cut a timestamp's 64 bits. */
function timestampPart(code: number, read: (bits: bigint) => bigint): Operator {
  return (source, compile, name) => {
    const [operand] = exactly(1, source, { compile, name }) as [Expression]
    return (scope) => {
      const value = operand(scope)
      if (isNothing(value)) return null
      if (!(value instanceof Timestamp))
        throw locationError(code, `Argument to ${name} must be a timestamp, but is ${typeName(value)}`)
      return read(value.value)
    }
  }
}

export const bitOperators: [string, Operator][] = [
  ['$bitAnd', fold(-1, (a, b) => a & b)],
  ['$bitOr', fold(0, (a, b) => a | b)],
  ['$bitXor', fold(0, (a, b) => a ^ b)],
  ['$bitNot', bitNot],
  ['$tsSecond', timestampPart(5687301, (bits) => bits >> 32n)],
  ['$tsIncrement', timestampPart(5687302, (bits) => bits & 0xffffffffn)],
]
