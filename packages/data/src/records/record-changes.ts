import { type Document, ObjectId } from 'mongodb'
import type { KeyedLock } from '../keyed-lock.ts'
import type { CompiledModel } from '../models/compiled-model.ts'
import type { AtomicChanges } from './atomic-changes.ts'
import { checkLinks, type LinkDeps } from './check-links.ts'
import type { OwnedFiles } from './owned-files.ts'
import type { ModelScope, RecordReader } from './record-reader.ts'
import type { StoredRecord } from './record-shape.ts'
import type { RecordWriter } from './record-writer.ts'
import { hasDependents, planRemoval } from './removal-plan.ts'
import { recordErrors } from './records.errors.ts'
import { type CheckedWrite, validateRecord } from './validate-record.ts'

/** Tries against writers of other processes before a change gives up. */
const MAX_RACES = 20

export interface ChangeDeps extends LinkDeps {
  reader: RecordReader
  writer: RecordWriter
  lock: KeyedLock
  ownedFiles: OwnedFiles
  nowMs: () => number
}

/** What an update asks for, given the record as it is. Called again when another writer was faster. */
export type MakeWrite = (before: StoredRecord) => CheckedWrite

export interface ChangeTarget {
  id: string
  /** The version it must have. */
  version?: number | undefined
  /** A filter it must still match when it is changed; one that no longer does counts as gone. */
  match?: Document
}

/** The changes of single records, with everything they must pass. */
export interface SingleChanges {
  /** The id of the first record that matches, as these changes see it; `undefined` when there is none. */
  first(scope: ModelScope, match: Document): Promise<string | undefined>
  create(scope: ModelScope, data: unknown): Promise<StoredRecord>
  /** `null` when the record is gone. @throws RECORD_CHANGED, RECORD_BUSY */
  update(
    scope: ModelScope,
    target: ChangeTarget,
    makeWrite: MakeWrite,
  ): Promise<{ before: StoredRecord; after: StoredRecord } | null>
  /** `false` when the record is gone. @throws RECORD_CHANGED, RECORD_BUSY */
  remove(scope: ModelScope, target: ChangeTarget): Promise<boolean>
}

/** The same, and what takes several records along: in one transaction where the server has them. */
export interface RecordChanges extends Omit<SingleChanges, 'create'> {
  /** All or none. */
  create(scope: ModelScope, data: readonly unknown[]): Promise<StoredRecord[]>
  readonly atomic: AtomicChanges
}

export function createRecordChanges(deps: ChangeDeps, atomic: AtomicChanges): RecordChanges {
  const single = createSingleChanges(deps)
  return {
    atomic,
    first: single.first,
    update: single.update,
    async create(scope, data) {
      const records = await newRecords(deps, scope, data)
      if (records.length > 1 && (await atomic.available()))
        await atomic.run(({ writer }) => writer.insert(scope.compiled, records))
      else await deps.writer.insert(scope.compiled, records)
      return records
    },
    async remove(scope, target) {
      const alone = !hasDependents(scope.models, scope.compiled) || !(await atomic.available())
      return alone ? single.remove(scope, target) : atomic.run(({ changes }) => changes.remove(scope, target))
    },
  }
}

export function createSingleChanges(deps: ChangeDeps): SingleChanges {
  const { reader, writer, lock } = deps

  async function current(compiled: CompiledModel, { id, match }: ChangeTarget): Promise<StoredRecord | null> {
    if (!match) return reader.byId(compiled, id)
    const filter = { $and: [{ _id: new ObjectId(id) }, match] }
    return (await reader.find(compiled, { filter, limit: 1 }))[0] ?? null
  }

  /** Repeats `attempt` on the newest record until no other writer comes between. */
  async function racing<T>(
    { compiled }: ModelScope,
    target: ChangeTarget,
    attempt: (before: StoredRecord) => Promise<T | null>,
  ): Promise<T | null> {
    const { id, version } = target
    const model = compiled.model.slug
    for (let races = 0; races < MAX_RACES; races += 1) {
      const before = await current(compiled, target)
      if (!before) return null
      if (version !== undefined && before.version !== version) {
        throw recordErrors.RECORD_CHANGED({ model, id, version: before.version })
      }
      const result = await attempt(before)
      if (result !== null) return result
    }
    throw recordErrors.RECORD_BUSY({ model, id })
  }

  const update: SingleChanges['update'] = (scope, target, makeWrite) =>
    lock.run(`${scope.compiled.model.id}/${target.id}`, () =>
      racing(scope, target, async (before) => {
        const write = makeWrite(before)
        await checkLinks(deps, scope, [write.set])
        const after = await writer.update(scope.compiled, before, write)
        if (after) await deps.ownedFiles.afterUpdate(scope, before, after)
        return after && { before, after }
      }),
    )

  async function removeOne(scope: ModelScope, target: ChangeTarget): Promise<boolean> {
    const removed = await lock.run(`${scope.compiled.model.id}/${target.id}`, () =>
      racing(scope, target, async (before) =>
        (await writer.remove(scope.compiled, before)) ? before : null,
      ),
    )
    if (removed) await deps.ownedFiles.afterRemove(scope, removed)
    return removed !== null
  }

  /**
   * What points at the record goes or changes first, so that whoever is interrupted can do it again. Without
   * a lock on the record: two that point at each other would wait for each other.
   */
  async function removeDependents(scope: ModelScope, target: ChangeTarget): Promise<void> {
    const before = await current(scope.compiled, target)
    if (!before || (target.version !== undefined && before.version !== target.version)) return
    const plan = await planRemoval(reader, scope.models, { compiled: scope.compiled, id: target.id })
    for (const { compiled, id, field, target: gone } of plan.nulled) {
      await update({ ...scope, compiled }, { id }, (record) => withoutRef(record, field.field.key, gone))
    }
    for (const { compiled, id } of plan.removed) await removeOne({ ...scope, compiled }, { id })
  }

  return {
    async first({ compiled }, match) {
      const found = await reader.find(compiled, {
        filter: match,
        sort: { _id: 1 },
        limit: 1,
        projection: { _id: 1 },
      })
      return found[0]?._id.toHexString()
    },
    async create(scope, data) {
      const [record] = await newRecords(deps, scope, [data])
      await writer.insert(scope.compiled, [record!])
      return record!
    },
    update,
    async remove(scope, target) {
      if (hasDependents(scope.models, scope.compiled)) await removeDependents(scope, target)
      return removeOne(scope, target)
    },
  }
}

/** @throws RECORD_INVALID */
async function newRecords(
  deps: ChangeDeps,
  scope: ModelScope,
  data: readonly unknown[],
): Promise<StoredRecord[]> {
  const nowMs = deps.nowMs()
  const sets = data.map((one) => validateRecord(scope.compiled, one, { nowMs, creating: true }).set)
  await checkLinks(deps, scope, sets)
  const at = new Date(nowMs)
  return sets.map((set) => ({ _id: new ObjectId(), ...set, createdAt: at, updatedAt: at, version: 1 }))
}

function withoutRef(record: StoredRecord, key: string, target: string): CheckedWrite {
  const value: unknown = record[key]
  if (!Array.isArray(value)) return { set: {}, unset: [key] }
  return { set: { [key]: value.filter((id: ObjectId) => id.toHexString() !== target) }, unset: [] }
}
