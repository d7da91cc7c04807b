import type { FieldError } from '@m3m/base'
import { isDeepStrictEqual } from 'node:util'
import type { CompiledField } from '../fields/compile-field.ts'
import type { CompiledModel } from '../models/compiled-model.ts'
import { recordErrors } from './records.errors.ts'
import { type StoredRecord, toOutward } from './record-shape.ts'
import { type CheckedWrite, invalidRecord, unknownField, validateRecord } from './validate-record.ts'
import { fieldErrors } from '../fields/checked.ts'

type Modifier = (field: CompiledField, current: unknown, operand: unknown) => unknown

class Misfit extends Error {}

const modifiers: Readonly<Record<string, Modifier>> = {
  $set: (_field, _current, operand) => operand,
  $inc: (_field, current, operand) => numeric(current ?? 0) + numeric(operand),
  $min: (field, current, operand) =>
    current === null || before(field, operand, current) ? operand : current,
  $max: (field, current, operand) =>
    current === null || before(field, current, operand) ? operand : current,
  $push: (field, current, operand) => [...items(field, current), ...eachOf(operand)],
  $addToSet: (field, current, operand) => {
    const list = items(field, current)
    return [
      ...list,
      ...eachOf(operand).filter((item) => !list.some((other) => isDeepStrictEqual(other, item))),
    ]
  },
  $pull: (field, current, operand) => {
    const gone = typeof operand === 'object' && operand !== null && '$in' in operand ? operand.$in : [operand]
    if (!Array.isArray(gone)) throw new Misfit('"$pull" takes a value or {"$in": [values]}.')
    return items(field, current).filter((item) => !gone.some((one) => isDeepStrictEqual(one, item)))
  },
}

/** True when the update is written with operators, `$set` and its like. @throws RECORD_UPDATE_INVALID when it mixes both forms */
export function hasModifiers(update: unknown): update is Record<string, unknown> {
  if (typeof update !== 'object' || update === null || Array.isArray(update)) {
    throw recordErrors.RECORD_UPDATE_INVALID({
      problem: 'an update is an object with fields, or with operators such as "$set".',
    })
  }
  const keys = Object.keys(update)
  const operators = keys.filter((key) => key.startsWith('$'))
  if (operators.length > 0 && operators.length < keys.length) {
    const plain = keys.find((key) => !key.startsWith('$'))
    throw recordErrors.RECORD_UPDATE_INVALID({
      problem: `"${plain}" stands beside operators; put it into "$set".`,
    })
  }
  return operators.length > 0
}

/**
 * What an update with operators makes of a record, checked as any write.
 * @throws RECORD_UPDATE_INVALID for an unknown operator, RECORD_INVALID
 */
export function applyModifiers(
  compiled: CompiledModel,
  stored: StoredRecord,
  update: Record<string, unknown>,
  nowMs: number,
): CheckedWrite {
  const data: Record<string, unknown> = {}
  const errors = fieldErrors()
  const unset = new Set<string>()
  const current = toOutward(stored, compiled, {})
  for (const [operator, operands] of Object.entries(update)) {
    for (const [key, operand] of Object.entries(operandsOf(operator, operands))) {
      const field = compiled.fields.get(key)
      if (!field) errors[key] = unknownField(compiled, key)
      else if (Object.hasOwn(data, key) || unset.has(key))
        errors[key] = misfit('It is changed twice in one update.')
      else if (operator === '$unset') {
        if (field.field.required) errors[key] = { code: 'FIELD_REQUIRED', message: 'This field is required.' }
        unset.add(key)
      } else {
        const result = attempt(() => modifiers[operator]!(field, current[key], operand))
        if ('error' in result) errors[key] = result.error
        else data[key] = result.value
      }
    }
  }
  if (Object.keys(errors).length > 0) throw invalidRecord(compiled, errors)
  const write = validateRecord(compiled, data, { nowMs, creating: false, before: stored })
  return { set: write.set, unset: [...write.unset, ...unset] }
}

function operandsOf(operator: string, operands: unknown): Record<string, unknown> {
  if (operator !== '$unset' && !Object.hasOwn(modifiers, operator)) {
    const known = [...Object.keys(modifiers), '$unset'].join(', ')
    throw recordErrors.RECORD_UPDATE_INVALID({
      problem: `there is no operator "${operator.slice(0, 50)}"; there are ${known}.`,
    })
  }
  if (typeof operands !== 'object' || operands === null || Array.isArray(operands)) {
    throw recordErrors.RECORD_UPDATE_INVALID({ problem: `"${operator}" needs an object of fields.` })
  }
  return operands as Record<string, unknown>
}

function attempt(compute: () => unknown): { value: unknown } | { error: FieldError } {
  try {
    return { value: compute() }
  } catch (error) {
    if (error instanceof Misfit) return { error: misfit(error.message) }
    throw error
  }
}

function misfit(message: string): FieldError {
  return { code: 'FIELD_MODIFIER', message }
}

function numeric(value: unknown): number {
  if (typeof value === 'number') return value
  throw new Misfit('"$inc" needs a number, on a field that holds one.')
}

function items(field: CompiledField, current: unknown): unknown[] {
  if (!field.list) throw new Misfit('Only a list can be added to or taken from.')
  return Array.isArray(current) ? current : []
}

function eachOf(operand: unknown): unknown[] {
  if (typeof operand === 'object' && operand !== null && '$each' in operand && Array.isArray(operand.$each)) {
    return operand.$each
  }
  return [operand]
}

/** Order of two values of the field as they are stored; a date may be given in several forms. */
function before(field: CompiledField, a: unknown, b: unknown): boolean {
  const [first, second] = [a, b].map((value) => field.kind.coerce(value, { nowMs: 0 }))
  if (!first || !second || 'errors' in first || 'errors' in second)
    throw new Misfit('This value has another type.')
  return (first.value as number) < (second.value as number)
}
