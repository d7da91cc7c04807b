import type { CheckContext, Checked, ValueKind } from '../fields/checked.ts'
import { asStored, refuse } from '../fields/checked.ts'
import { type CompiledField, compileField } from '../fields/compile-field.ts'
import { dateKind } from '../fields/date-kinds.ts'
import { refKind } from '../fields/link-kinds.ts'
import { numberKind } from '../fields/number-kinds.ts'
import { type CompiledModel, findModel, type ModelSet } from '../models/compiled-model.ts'
import { queryErrors } from './query.errors.ts'

/** A name in a query, found in the model. */
export interface ResolvedPath {
  /** As the client wrote it. */
  readonly label: string
  /** Refs passed on the way: the value is looked for in the last one's target. */
  readonly hops: readonly { field: CompiledField; storedPath: string; target: CompiledModel }[]
  /** Where the value is in the stored record (of the last hop's target). */
  readonly storedPath: string
  readonly kind: ValueKind
  /** Name of the type, for messages. */
  readonly type: string
  readonly list: boolean
}

/** Refs one path may pass. */
const MAX_HOPS = 3
const SEGMENT = /^[A-Za-z0-9_-]{1,100}$/

/** What a bare document's inside is compared as: any JSON value, as it is. */
const anyJson: ValueKind = {
  check: json,
  coerce: json,
  outward: asStored,
  compares: 'text',
}

const systemKinds: Readonly<Record<string, { storedPath: string; kind: ValueKind; type: string }>> = {
  id: { storedPath: '_id', kind: refKind(), type: 'id' },
  _id: { storedPath: '_id', kind: refKind(), type: 'id' },
  createdAt: {
    storedPath: 'createdAt',
    kind: dateKind({ key: 'createdAt', type: 'datetime' }),
    type: 'datetime',
  },
  updatedAt: {
    storedPath: 'updatedAt',
    kind: dateKind({ key: 'updatedAt', type: 'datetime' }),
    type: 'datetime',
  },
  version: { storedPath: 'version', kind: numberKind({ key: 'version', type: 'number' }), type: 'number' },
  // Of records in the trash: the newest are looked for first.
  _trashedAt: {
    storedPath: '_trashedAt',
    kind: dateKind({ key: '_trashedAt', type: 'datetime' }),
    type: 'datetime',
  },
}

/**
 * Finds `title`, `address.city` (inside a document) or `owner.name` (through a ref).
 * @throws QUERY_FIELD_UNKNOWN, QUERY_TOO_COMPLEX
 */
export function resolvePath(label: string, model: CompiledModel, models: ModelSet): ResolvedPath {
  const unknown = () =>
    queryErrors.QUERY_FIELD_UNKNOWN({ field: label.slice(0, 200), model: model.model.slug })
  if (typeof label !== 'string' || label.length > 300) throw unknown()
  const parts = label.split('.')
  const hops: ResolvedPath['hops'][number][] = []
  let current = model
  for (;;) {
    const key = parts.shift()!
    const system = Object.hasOwn(systemKinds, key) ? systemKinds[key] : undefined
    if (system) {
      if (parts.length > 0) throw unknown()
      return { label, hops, ...system, list: false }
    }
    const field = current.fields.get(key)
    if (!field) throw unknown()
    if (field.field.type === 'ref' && parts.length > 0) {
      const target = field.field.refModel === undefined ? undefined : findModel(models, field.field.refModel)
      if (!target) throw unknown()
      if (hops.length === MAX_HOPS)
        throw queryErrors.QUERY_TOO_COMPLEX({ what: 'refs in one path', limit: MAX_HOPS })
      hops.push({ field, storedPath: key, target })
      current = target
      continue
    }
    const inside = insideOf(field, parts)
    if (!inside) throw unknown()
    return { label, hops, ...inside }
  }
}

type Inside = Pick<ResolvedPath, 'storedPath' | 'kind' | 'type' | 'list'>

function insideOf(field: CompiledField, parts: readonly string[]): Inside | undefined {
  const { key, type } = field.field
  if (parts.length === 0) return { storedPath: key, kind: field.kind, type, list: field.list }
  if (type !== 'document') return undefined
  if (!parts.every((part) => SEGMENT.test(part) && part !== '__proto__')) return undefined
  const storedPath = `${key}.${parts.join('.')}`
  if (!field.field.fields) return { storedPath, kind: anyJson, type: 'JSON value', list: false }
  const nested = field.field.fields.find((other) => other.key === parts[0])
  const found = nested && insideOf(compileField(nested), parts.slice(1))
  return found && { ...found, storedPath }
}

function json(value: unknown, _context: CheckContext): Checked {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return { value }
  if (typeof value === 'number' && Number.isFinite(value)) return { value }
  // Inside a bare document dates are kept as ISO 8601 text.
  if (value instanceof Date && !Number.isNaN(value.getTime())) return { value: value.toISOString() }
  return refuse('FIELD_TYPE', 'Compare it with text, a number, true, false or null.')
}
