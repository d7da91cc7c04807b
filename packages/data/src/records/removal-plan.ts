import { ObjectId } from 'mongodb'
import type { CompiledField } from '../fields/compile-field.ts'
import type { CompiledModel, ModelSet } from '../models/compiled-model.ts'
import type { RecordReader } from './record-reader.ts'
import { recordErrors } from './records.errors.ts'

/** A record that points at one that goes, and what becomes of it. */
export interface Dependent {
  compiled: CompiledModel
  id: string
  field: CompiledField
  /** Whom it points at. */
  target: string
}

/** What else a removal changes, in the order to do it: those that lose a ref, then those that go, leaves first. */
export interface RemovalPlan {
  nulled: Dependent[]
  removed: { compiled: CompiledModel; id: string }[]
}

/** Records one removal may take with it or change. */
const MAX_DEPENDENTS = 1000

/**
 * Follows `onDelete` of every ref that points at the record, and at those that go with it. A ref with
 * `restrict` stops it, unless its record goes too. Reads only. @throws RECORD_IN_USE, RECORD_LIMIT
 */
export async function planRemoval(
  reader: RecordReader,
  models: ModelSet,
  root: { compiled: CompiledModel; id: string },
): Promise<RemovalPlan> {
  const removed = new Map([[keyOf(root), root]])
  const nulled: Dependent[] = []
  const holding: Dependent[] = []
  for (const going of removed.values()) {
    for (const dependent of await dependentsOf(reader, models, going)) {
      const policy = dependent.field.field.onDelete ?? 'restrict'
      if (policy === 'cascade') removed.set(keyOf(dependent), dependent)
      else (policy === 'null' ? nulled : holding).push(dependent)
      if (removed.size + nulled.length > MAX_DEPENDENTS) {
        throw recordErrors.RECORD_LIMIT({
          what: 'records that depend on the removed one',
          limit: MAX_DEPENDENTS,
        })
      }
    }
  }
  const by = holding.filter((dependent) => !removed.has(keyOf(dependent)))
  if (by.length > 0) {
    const names = Map.groupBy(by, ({ compiled, field }) => `${compiled.model.slug}.${field.field.key}`)
    const counted = [...names].map(([name, all]) => `${name} (${all.length})`)
    throw recordErrors.RECORD_IN_USE({ model: root.compiled.model.slug, id: root.id, by: counted })
  }
  return {
    nulled: nulled.filter((dependent) => !removed.has(keyOf(dependent))),
    removed: [...removed.values()].slice(1).reverse(),
  }
}

/** True when some model of the project points at this one: without, a removal asks nothing. */
export function hasDependents(models: ModelSet, { model }: CompiledModel): boolean {
  return refsTo(models, model.slug).length > 0
}

async function dependentsOf(
  reader: RecordReader,
  models: ModelSet,
  { compiled, id }: { compiled: CompiledModel; id: string },
): Promise<Dependent[]> {
  const found: Dependent[] = []
  for (const { from, field } of refsTo(models, compiled.model.slug)) {
    const filter = { [field.field.key]: new ObjectId(id) }
    const records = await reader.find(from, { filter, limit: MAX_DEPENDENTS + 1, projection: { _id: 1 } })
    for (const record of records)
      found.push({ compiled: from, id: record._id.toHexString(), field, target: id })
  }
  // A record may point at itself; that holds nobody back.
  return found.filter((dependent) => dependent.id !== id)
}

function refsTo(models: ModelSet, slug: string): { from: CompiledModel; field: CompiledField }[] {
  return [...models.byId.values()].flatMap((from) =>
    [...from.fields.values()]
      .filter(({ field }) => field.refModel === slug)
      .map((field) => ({ from, field })),
  )
}

function keyOf({ compiled, id }: { compiled: CompiledModel; id: string }): string {
  return `${compiled.model.id}/${id}`
}
