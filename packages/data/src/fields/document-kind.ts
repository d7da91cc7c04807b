import { type CheckContext, type Checked, fieldErrors, refuse, type ValueKind } from './checked.ts'
import type { CompiledField } from './compile-field.ts'
import type { Field } from './fields.schema.ts'

/** Levels of lists and objects; characters of its JSON. */
const MAX_DEPTH = 32
const MAX_CHARACTERS = 1_000_000

/** document: any JSON object or list, or an object by its nested schema. `nested` compiles a nested field. */
export function documentKind(field: Field, nested: (field: Field) => CompiledField): ValueKind {
  const schema = field.fields?.map(nested)
  return {
    check(value, context) {
      if (typeof value !== 'object' || value === null || value instanceof Date) {
        return refuse('FIELD_DOCUMENT', 'This must be a JSON object or list.')
      }
      return schema ? bySchema(value, schema, context) : asJson(value)
    },
    coerce: (value) => asJson(value),
    outward: (stored, dates) => (schema ? outwardBySchema(stored, schema, dates) : stored),
    compares: 'document',
  }
}

function bySchema(value: object, schema: readonly CompiledField[], context: CheckContext): Checked {
  if (Array.isArray(value)) return refuse('FIELD_DOCUMENT', 'This must be a JSON object.')
  const errors = fieldErrors()
  const stored: Record<string, unknown> = {}
  const known = new Map(schema.map((compiled) => [compiled.field.key, compiled]))
  for (const key of Object.keys(value)) {
    if (!known.has(key))
      errors[key] = { code: 'FIELD_UNKNOWN', message: `The document has no field "${key}".` }
  }
  for (const [key, compiled] of known) {
    const given = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined
    const checked = compiled.check(given, { ...context, creating: true })
    if ('errors' in checked) {
      for (const [path, error] of Object.entries(checked.errors))
        errors[path ? `${key}.${path}` : key] = error
    } else if (checked.value !== undefined && checked.value !== null) stored[key] = checked.value
  }
  return Object.keys(errors).length > 0 ? { errors } : { value: stored }
}

function outwardBySchema(stored: unknown, schema: readonly CompiledField[], dates: 'iso' | 'date'): unknown {
  if (typeof stored !== 'object' || stored === null) return stored
  const out: Record<string, unknown> = {}
  for (const compiled of schema) {
    const value = (stored as Record<string, unknown>)[compiled.field.key]
    out[compiled.field.key] = value === undefined ? null : compiled.outward(value, dates)
  }
  return out
}

function asJson(value: unknown): Checked {
  const budget = { left: MAX_CHARACTERS }
  try {
    return { value: plain(value, MAX_DEPTH, budget) }
  } catch (error) {
    if (error instanceof NotJson) return refuse('FIELD_DOCUMENT', error.message)
    throw error
  }
}

class NotJson extends Error {}

/** A copy with nothing but JSON in it: no prototype, getter or operator of the sender gets through. */
function plain(value: unknown, depth: number, budget: { left: number }): unknown {
  if (value === null || typeof value === 'boolean') return spend(value, 5, budget)
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new NotJson('It holds text with half a character (a lone surrogate).')
    return spend(value, value.length + 2, budget)
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new NotJson('It holds a number that JSON does not know.')
    return spend(value, 8, budget)
  }
  if (value instanceof Date)
    return plain(Number.isNaN(value.getTime()) ? null : value.toISOString(), depth, budget)
  if (typeof value !== 'object') throw new NotJson(`It holds a ${typeof value}, which JSON does not know.`)
  if (depth === 0) throw new NotJson(`It is nested deeper than ${MAX_DEPTH} levels.`)
  if (Array.isArray(value)) return value.map((item) => plain(item ?? null, depth - 1, budget))
  const out: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue
    if (
      key === '' ||
      key.startsWith('$') ||
      /[.\0]/.test(key) ||
      key === '__proto__' ||
      !key.isWellFormed()
    ) {
      throw new NotJson(
        `The key "${key.slice(0, 50)}" cannot be stored: no "$" at its start, no dot, not empty.`,
      )
    }
    spend(null, key.length + 3, budget)
    out[key] = plain(item, depth - 1, budget)
  }
  return out
}

function spend<T>(value: T, characters: number, budget: { left: number }): T {
  budget.left -= characters
  if (budget.left < 0) throw new NotJson(`It has more than ${MAX_CHARACTERS} characters.`)
  return value
}
