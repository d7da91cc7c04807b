import type { Document } from 'mongodb'
import type { Collections } from '../collections.ts'
import { type CompiledField, compileField } from '../fields/compile-field.ts'
import { convertValue } from './convert-value.ts'
import { diffModels } from './model-diff.ts'
import type { Model, ModelImpact } from './models.schema.ts'

const SAMPLES = 5

export interface ImpactDeps {
  collections: Collections
  nowMs: number
  maxTimeMs: number
}

/** What a change of a model does to its records, counted over all of them. Reads only. */
export async function modelImpact(before: Model, after: Model, deps: ImpactDeps): Promise<ModelImpact[]> {
  const diff = diffModels(before, after)
  const collection = deps.collections.records(before.id)
  const having = (key: string) =>
    collection.countDocuments({ [key]: { $ne: null } }, { maxTimeMS: deps.maxTimeMs })
  const impact: ModelImpact[] = []
  for (const field of diff.added) impact.push(plain(field.key, 'added'))
  for (const field of diff.removed)
    impact.push({ ...plain(field.key, 'removed'), breaks: await having(field.key) })
  for (const { from, to } of diff.renamed)
    impact.push({ ...plain(to, 'renamed'), converts: await having(from) })
  for (const pair of diff.retyped) impact.push(await scan('retyped', pair, deps, before.id))
  for (const pair of diff.ruled) {
    const found = await scan('tightened', pair, deps, before.id)
    if (found.breaks > 0) impact.push(found)
  }
  return [...impact, ...(await brokenIndexes(before, after, deps))]
}

function plain(field: string, change: ModelImpact['change']): ModelImpact {
  return { field, change, converts: 0, breaks: 0, samples: [] }
}

/** Holds every stored value against the changed field. */
async function scan(
  change: ModelImpact['change'],
  pair: { before: Model['fields'][number]; after: Model['fields'][number] },
  deps: ImpactDeps,
  modelId: string,
): Promise<ModelImpact> {
  const [before, after] = [compileField(pair.before), compileField(pair.after)]
  const { key } = pair.before
  const impact = plain(pair.after.key, change)
  const cursor = deps.collections
    .records(modelId)
    .find({}, { projection: { [key]: 1 }, maxTimeMS: deps.maxTimeMs * 6 })
  for await (const record of cursor) {
    const problem = problemOf(record[key], before, after, deps.nowMs)
    if (problem === undefined) {
      if (record[key] !== undefined) impact.converts += 1
      continue
    }
    impact.breaks += 1
    if (impact.samples.length < SAMPLES)
      impact.samples.push({ ...sampleOf(record, before), message: problem })
  }
  return impact
}

function problemOf(
  stored: unknown,
  before: CompiledField,
  after: CompiledField,
  nowMs: number,
): string | undefined {
  if (stored === undefined || stored === null) {
    return after.field.required && !before.field.required
      ? 'It has no value, and one is required.'
      : undefined
  }
  const checked = convertValue(stored, before, after, { nowMs })
  return 'errors' in checked ? Object.values(checked.errors)[0]!.message : undefined
}

function sampleOf(record: Document, before: CompiledField): { id: string; value: unknown } {
  const value = before.outward(record[before.field.key], 'iso')
  return { id: String(record._id), value: value === undefined ? null : value }
}

/** Unique indexes that are new: groups of records with the same values. */
async function brokenIndexes(before: Model, after: Model, deps: ImpactDeps): Promise<ModelImpact[]> {
  const known = new Set(uniqueKeys(before).map(String))
  const impact: ModelImpact[] = []
  for (const keys of uniqueKeys(after).filter((one) => !known.has(String(one)))) {
    // Keys that were renamed or are new have no values under their name yet.
    if (!keys.every((key) => before.fields.some((field) => field.key === key))) continue
    const groups = await deps.collections
      .records(before.id)
      .aggregate(
        [
          { $match: { $or: keys.map((key) => ({ [key]: { $ne: null } })) } },
          { $group: { _id: keys.map((key) => `$${key}`), count: { $sum: 1 }, first: { $first: '$_id' } } },
          { $match: { count: { $gt: 1 } } },
        ],
        { maxTimeMS: deps.maxTimeMs },
      )
      .toArray()
    if (groups.length === 0) continue
    const breaks = groups.reduce((sum, group) => sum + Number(group.count) - 1, 0)
    const samples = groups.slice(0, SAMPLES).map((group) => ({
      id: String(group.first),
      value: group._id as unknown,
      message: `${group.count} records have this value.`,
    }))
    impact.push({ field: keys.join(','), change: 'index', converts: 0, breaks, samples })
  }
  return impact
}

function uniqueKeys(model: Model): string[][] {
  const own = model.fields.filter((field) => field.unique).map((field) => [field.key])
  const compound = model.indexes
    .filter((index) => index.unique)
    .map((index) => index.keys.map((key) => key.replace(/^-/, '')))
  return [...own, ...compound]
}
