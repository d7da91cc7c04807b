import { ObjectId } from 'mongodb'
import type { CheckContext, Checked } from '../fields/checked.ts'
import { refuse } from '../fields/checked.ts'
import type { CompiledField } from '../fields/compile-field.ts'

/**
 * A stored value in the form a changed field stores it, where that loses nothing: `'12'` → 12, 12 → `'12'`,
 * one → a list of one, a list of one → one. Also tells whether a value passes tightened rules.
 */
export function convertValue(
  stored: unknown,
  before: CompiledField,
  after: CompiledField,
  context: CheckContext,
): Checked {
  const outward = before.outward(stored, 'iso')
  if (after.list)
    return after.check(eachAs(after, Array.isArray(outward) ? outward : [outward]), {
      ...context,
      creating: true,
    })
  if (!Array.isArray(outward)) return after.check(scalarAs(after, outward), { ...context, creating: true })
  if (outward.length === 1) return after.check(scalarAs(after, outward[0]), { ...context, creating: true })
  return refuse('FIELD_TYPE', `A list of ${outward.length} cannot become one value.`)
}

function eachAs(after: CompiledField, values: readonly unknown[]): unknown[] {
  return values.map((value) => scalarAs(after, value))
}

function scalarAs({ field }: CompiledField, value: unknown): unknown {
  switch (field.type) {
    case 'number':
    case 'float':
      if (typeof value === 'boolean') return value ? 1 : 0
      return typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)
        ? Number(value)
        : value
    case 'bool':
      if (value === 0 || value === '0' || value === 'false' || value === 'no') return false
      if (value === 1 || value === '1' || value === 'true' || value === 'yes') return true
      return value
    case 'string':
    case 'text':
    case 'email':
    case 'url':
    case 'select':
    case 'multiselect':
      return textOf(value)
    case 'document':
      return parsed(value)
    default:
      return value
  }
}

function textOf(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value instanceof ObjectId) return value.toHexString()
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}
