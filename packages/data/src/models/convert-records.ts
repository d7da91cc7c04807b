import type { AnyBulkWriteOperation, Document } from 'mongodb'
import type { Collections } from '../collections.ts'
import { compileField } from '../fields/compile-field.ts'
import { convertValue } from './convert-value.ts'
import { diffModels } from './model-diff.ts'
import type { Model } from './models.schema.ts'

const BATCH = 500

export interface Conversion {
  /** Called after each batch with the records done so far; `false` ends it: the model is gone. */
  progress: (done: number) => Promise<boolean>
}

/**
 * Brings the records of a model to its new version: renames, removes, converts. May be run again and again,
 * and from the middle: what is converted already is passed over. Values that cannot be converted are removed
 * (the update was refused before, unless it was forced). Writes no record events: nobody changed the records.
 */
export async function convertRecords(
  collections: Collections,
  before: Model,
  after: Model,
  options: Conversion & { nowMs: number },
): Promise<void> {
  const diff = diffModels(before, after)
  const collection = collections.records(after.id)
  for (const { from, to } of inSafeOrder(diff.renamed)) {
    await collection.updateMany({ [from]: { $exists: true } }, { $rename: { [from]: to } })
  }
  const taken = new Set(after.fields.map((field) => field.key))
  const gone = diff.removed.map((field) => field.key).filter((key) => !taken.has(key))
  for (const key of gone) await collection.updateMany({ [key]: { $exists: true } }, { $unset: { [key]: '' } })
  if (diff.retyped.length === 0) return

  const fields = diff.retyped.map((pair) => ({
    before: compileField(pair.before),
    after: compileField(pair.after),
  }))
  let done = 0
  let last: unknown
  for (;;) {
    const batch = await collection
      .find(last === undefined ? {} : { _id: { $gt: last as never } })
      .sort({ _id: 1 })
      .limit(BATCH)
      .toArray()
    const operations = batch.flatMap((record) => convertOne(record, fields, options.nowMs))
    if (operations.length > 0) await collection.bulkWrite(operations, { ordered: false })
    done += batch.length
    last = batch.at(-1)?._id
    const goesOn = await options.progress(done)
    if (!goesOn || batch.length < BATCH) return
  }
}

type Pair = { before: ReturnType<typeof compileField>; after: ReturnType<typeof compileField> }

function convertOne(
  record: Document,
  fields: readonly Pair[],
  nowMs: number,
): AnyBulkWriteOperation<Document>[] {
  const $set: Document = {}
  const $unset: Document = {}
  for (const { before, after } of fields) {
    const { key } = after.field
    const stored = record[key] as unknown
    if (stored === undefined) continue
    const converted = convertValue(stored, before, after, { nowMs })
    if ('errors' in converted || converted.value === null || converted.value === undefined) $unset[key] = ''
    else $set[key] = converted.value
  }
  const change = {
    ...(Object.keys($set).length > 0 && { $set }),
    ...(Object.keys($unset).length > 0 && { $unset }),
  }
  if (Object.keys(change).length === 0) return []
  // A record that someone changed since it was read has the new form already.
  return [{ updateOne: { filter: { _id: record._id, version: record.version }, update: change } }]
}

/** `b→c` before `a→b`. Two fields that swap their keys are refused when the model is checked. */
function inSafeOrder(renamed: readonly { from: string; to: string }[]): { from: string; to: string }[] {
  const left = [...renamed]
  const ordered: { from: string; to: string }[] = []
  while (left.length > 0) {
    const index = left.findIndex(({ to }) => !left.some(({ from }) => from === to))
    ordered.push(...left.splice(Math.max(index, 0), 1))
  }
  return ordered
}
