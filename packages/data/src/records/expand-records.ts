import type { ObjectId } from 'mongodb'
import type { DataView } from '../data-engine.ts'
import type { Expansion } from '../query/expand-tree.ts'
import type { RecordReader } from './record-reader.ts'
import { type StoredRecord, toOutward } from './record-shape.ts'
import type { DataRecord } from './records.schema.ts'

/** Records that back-references may bring: of all records of a page together. */
const MAX_BACK = 1000
/** Ids looked for in one query; a page of 1,000 records with lists of refs may name many more. */
const AT_ONCE = 1000

export interface ExpandDeps {
  reader: RecordReader
  view: DataView
  /** Fields wanted of expanded records, by the expansion's path; all where there is no entry. */
  ofRefs: ReadonlyMap<string, ReadonlySet<string>>
}

/** Stored records with their outward forms, in the same order. */
export interface Shaped {
  stored: readonly StoredRecord[]
  outward: readonly DataRecord[]
}

/**
 * Puts what refs point at into `expand`: one query for each expansion and 1,000 ids, however many records. A record that
 * is gone is left out (null for a single ref).
 */
export async function expandRecords(
  deps: ExpandDeps,
  { stored, outward }: Shaped,
  tree: readonly Expansion[],
): Promise<void> {
  for (const expansion of tree) {
    const ids = stored.map((record) =>
      expansion.back ? [record._id] : idsIn(record[expansion.field.field.key]),
    )
    const found = await load(deps, expansion, uniqueIds(ids.flat()))
    for (const [index, record] of outward.entries()) {
      record.expand ??= {}
      record.expand[expansion.key] = pickFor(expansion, ids[index]!, found)
    }
  }
}

async function load(deps: ExpandDeps, expansion: Expansion, ids: readonly ObjectId[]): Promise<Shaped> {
  if (ids.length === 0) return { stored: [], outward: [] }
  const stored = expansion.back
    ? await deps.reader.find(expansion.target, {
        filter: { [expansion.field.field.key]: { $in: ids } },
        sort: { _id: 1 },
        limit: MAX_BACK,
      })
    : await byIds(deps, expansion, ids)
  const only = deps.ofRefs.get(expansion.path)
  const outward = stored.map((record) => toOutward(record, expansion.target, deps.view, only))
  await expandRecords(deps, { stored, outward }, expansion.inner)
  return { stored, outward }
}

/** All that is there: one that is left out would look like one that is gone. */
async function byIds(
  { reader }: ExpandDeps,
  { target }: Expansion,
  ids: readonly ObjectId[],
): Promise<StoredRecord[]> {
  const found: StoredRecord[] = []
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const part = ids.slice(from, from + AT_ONCE)
    found.push(...(await reader.find(target, { filter: { _id: { $in: part } }, limit: AT_ONCE })))
  }
  return found
}

function pickFor(expansion: Expansion, ids: readonly ObjectId[], { stored, outward }: Shaped): unknown {
  const wanted = new Set(ids.map((id) => id.toHexString()))
  if (expansion.back) {
    const { key } = expansion.field.field
    return outward.filter((_, index) => idsIn(stored[index]![key]).some((id) => wanted.has(id.toHexString())))
  }
  const byId = new Map(outward.map((record) => [record.id, record]))
  if (!expansion.field.list) return ids[0] ? (byId.get(ids[0].toHexString()) ?? null) : null
  return ids.map((id) => byId.get(id.toHexString())).filter((record) => record !== undefined)
}

function idsIn(value: unknown): ObjectId[] {
  if (Array.isArray(value)) return value as ObjectId[]
  return value === undefined || value === null ? [] : [value as ObjectId]
}

function uniqueIds(ids: readonly ObjectId[]): ObjectId[] {
  return [...new Map(ids.map((id) => [id.toHexString(), id])).values()]
}
