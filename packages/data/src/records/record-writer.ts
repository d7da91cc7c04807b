import { isDeepStrictEqual } from 'node:util'
import { type Document, MongoServerError } from 'mongodb'
import type { Actor } from '../actor.ts'
import type { Collections } from '../collections.ts'
import type { NewEvent, Ticket } from '../events/event-log.ts'
import type { Outbox } from '../events/outbox.ts'
import type { CompiledModel } from '../models/compiled-model.ts'
import { duplicateKeys, isDuplicateKey } from '../mongo-errors.ts'
import { type StoredRecord, toOutward, TRASHED_AT, TRASHED_BY } from './record-shape.ts'
import { recordErrors } from './records.errors.ts'
import { type CheckedWrite, checkSize } from './validate-record.ts'

/** The only place that changes records: each change is told in the outbox first. */
export interface RecordWriter {
  /** All or none. @throws RECORD_NOT_UNIQUE, RECORD_TOO_LARGE */
  insert(compiled: CompiledModel, records: readonly StoredRecord[]): Promise<void>
  /** The record after it; `null` when it no longer has the version of `before`. @throws RECORD_NOT_UNIQUE, RECORD_TOO_LARGE */
  update(compiled: CompiledModel, before: StoredRecord, write: CheckedWrite): Promise<StoredRecord | null>
  /** `false` when it no longer has that version. */
  remove(compiled: CompiledModel, before: StoredRecord): Promise<boolean>
}

export interface WriterDeps {
  collections: Collections
  outbox: Pick<Outbox, 'append' | 'confirm' | 'cancel'>
  /** Within a transaction, which takes back by itself what was done before a failure. */
  transactional?: boolean
  projectId: string
  actor: Actor
  nowMs: () => number
}

export function createRecordWriter(deps: WriterDeps): RecordWriter {
  const { collections, outbox, projectId } = deps
  const of = (compiled: CompiledModel) => collections.records(compiled.model.id)

  /** Tells the events, makes the change, and keeps both in step. */
  async function told<T>(
    events: NewEvent[],
    compiled: CompiledModel,
    change: () => Promise<T | null>,
  ): Promise<T | null> {
    const ticket = await outbox.append(projectId, events)
    try {
      const result = await change()
      if (result === null) await outbox.cancel(ticket)
      else outbox.confirm(ticket)
      return result
    } catch (error) {
      await cancelIfSure(ticket, error)
      throw isDuplicateKey(error) ? notUnique(compiled, error) : error
    }
  }

  /** After a lost connection nobody knows what happened: the event stays pending and is settled from the record. */
  async function cancelIfSure(ticket: Ticket, error: unknown): Promise<void> {
    if (error instanceof MongoServerError) await outbox.cancel(ticket)
  }

  return {
    async insert(compiled, records) {
      for (const record of records) checkSize(compiled, record)
      const events = records.map((record) => eventOf(deps, compiled, { type: 'insert', record, changed: [] }))
      await told(events, compiled, async () => {
        if (records.length === 1) await of(compiled).insertOne(records[0]!)
        else if (deps.transactional) await of(compiled).insertMany([...records])
        else await insertAll(of(compiled), records)
        return true
      })
    },
    async update(compiled, before, write) {
      const { after, changed } = applyWrite(compiled, before, write, deps.nowMs())
      if (changed.length === 0) return before
      checkSize(compiled, after)
      const event = eventOf(deps, compiled, { type: 'update', record: after, changed })
      return told([event], compiled, async () => {
        const filter = { _id: before._id, version: before.version }
        const { matchedCount } = await of(compiled).updateOne(filter, changeOf(after, changed))
        return matchedCount === 1 ? after : null
      })
    },
    async remove(compiled, before) {
      const record = { ...before, version: before.version + 1 }
      const event = eventOf(deps, compiled, { type: 'delete', record, changed: [] })
      const done = await told([event], compiled, async () => {
        if (compiled.model.trash) await intoTrash(deps, compiled, before)
        const { deletedCount } = await of(compiled).deleteOne({ _id: before._id, version: before.version })
        if (deletedCount === 1) return true
        if (compiled.model.trash) await collections.trash(compiled.model.id).deleteOne({ _id: before._id })
        return null
      })
      return done === true
    },
  }
}

type Told = Pick<NewEvent, 'type' | 'changed'> & { record: StoredRecord }

function eventOf(deps: WriterDeps, compiled: CompiledModel, { type, changed, record }: Told): NewEvent {
  return {
    projectId: deps.projectId,
    model: compiled.model.slug,
    modelId: compiled.model.id,
    type,
    recordId: record._id.toHexString(),
    version: record.version,
    changed,
    record: toOutward(record, compiled, {}),
    actor: deps.actor,
    ...(compiled.model.revisions && { revisionOf: record._id.toHexString() }),
  }
}

/** A copy first: whoever dies in between leaves the record and a copy, and the next removal replaces the copy. */
async function intoTrash(deps: WriterDeps, compiled: CompiledModel, record: StoredRecord): Promise<void> {
  const trashed = { ...record, [TRASHED_AT]: new Date(deps.nowMs()), [TRASHED_BY]: deps.actor }
  await deps.collections.trash(compiled.model.id).replaceOne({ _id: record._id }, trashed, { upsert: true })
}

/** The record after a write, and which fields are others than before. A write that changes nothing is none. */
function applyWrite(compiled: CompiledModel, before: StoredRecord, write: CheckedWrite, nowMs: number) {
  const after: StoredRecord = {
    ...before,
    ...write.set,
    version: before.version + 1,
    updatedAt: new Date(nowMs),
  }
  for (const key of write.unset) delete after[key]
  const touched = [...Object.keys(write.set), ...write.unset]
  const changed = touched.filter((key) => !isDeepStrictEqual(before[key], after[key]))
  const real = changed.filter((key) => compiled.fields.get(key)?.field.type !== 'autodate')
  return { after, changed: real.length === 0 ? [] : changed }
}

function changeOf(after: StoredRecord, changed: readonly string[]): Document {
  const set: Document = { version: after.version, updatedAt: after.updatedAt }
  const unset: Document = {}
  for (const key of changed) {
    if (after[key] === undefined) unset[key] = ''
    else set[key] = after[key]
  }
  return Object.keys(unset).length > 0 ? { $set: set, $unset: unset } : { $set: set }
}

/** Takes back what was inserted before the one that was refused. */
async function insertAll(
  collection: ReturnType<Collections['records']>,
  records: readonly StoredRecord[],
): Promise<void> {
  try {
    await collection.insertMany([...records], { ordered: true })
  } catch (error) {
    if (error instanceof MongoServerError) {
      await collection.deleteMany({ _id: { $in: records.map((record) => record._id) } })
    }
    throw error
  }
}

function notUnique(compiled: CompiledModel, cause: unknown) {
  const keys = duplicateKeys(cause)
  const message = 'Another record has this value, which must be unique.'
  const fields = Object.fromEntries(keys.map((key) => [key, { code: 'FIELD_NOT_UNIQUE', message }]))
  return recordErrors.RECORD_NOT_UNIQUE({ model: compiled.model.slug, keys }, { fields, cause })
}
