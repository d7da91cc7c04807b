import { isId } from '@m3m/base'
import { type Collection, type Document, ObjectId } from 'mongodb'
import type { Collections } from '../collections.ts'
import type { CompiledModel, ModelSet } from '../models/compiled-model.ts'
import { isOutOfTime } from '../mongo-errors.ts'
import { queryErrors } from '../query/query.errors.ts'
import type { StoredRecord } from './record-shape.ts'

/** A model and its project's others, as of one moment; every call works on one. */
export interface ModelScope {
  compiled: CompiledModel
  models: ModelSet
  /** Those that a query may look into. */
  readable: ModelSet
}

export interface FindPlan {
  filter: Document
  sort?: Record<string, 1 | -1>
  skip?: number
  limit: number
  projection?: Record<string, 1> | undefined
  /** Look among the removed ones. */
  trashed?: boolean | undefined
  /** Any records instead of the first by `sort`. */
  random?: boolean
}

interface CountOptions {
  /** Count among the removed ones. */
  trashed?: boolean | undefined
  limit?: number | undefined
}

/** Reads of stored records. All are ended by the server after `maxTimeMs`. */
export interface RecordReader {
  find(compiled: CompiledModel, plan: FindPlan): Promise<StoredRecord[]>
  /** `null` also for what is no id. */
  byId(compiled: CompiledModel, id: unknown, projection?: Record<string, 1>): Promise<StoredRecord | null>
  /** With `limit` the count ends there. */
  count(compiled: CompiledModel, filter: Document, options?: CountOptions): Promise<number>
  aggregate(compiled: CompiledModel, pipeline: Document[]): Promise<Document[]>
}

/**
 * Up to here all records are counted one by one. Above, and without a filter, the server's own number is taken:
 * it is exact but after an unclean end of a MongoDB (its manual, `count`), and counting 100,000 takes longer than
 * reading a page of them.
 */
const COUNT_EXACTLY = 10_000

export function createRecordReader(collections: Collections, maxTimeMs: number): RecordReader {
  const timed = async <T>(compiled: CompiledModel, query: Promise<T>): Promise<T> => {
    try {
      return await query
    } catch (error) {
      if (!isOutOfTime(error)) throw error
      throw queryErrors.QUERY_TIMEOUT({ model: compiled.model.slug, ms: maxTimeMs }, { cause: error })
    }
  }
  /** Collections that had more than is counted exactly, when they were last asked: most have not, and one question does. */
  const large = new Set<string>()
  async function countAll(collection: Collection<Document>, limit = Infinity): Promise<number> {
    const { collectionName: name } = collection
    const inServer = () => collection.estimatedDocumentCount({ maxTimeMS: maxTimeMs })
    if (large.has(name)) {
      const known = await inServer()
      if (known > COUNT_EXACTLY) return Math.min(known, limit)
      large.delete(name)
    }
    const options = { maxTimeMS: maxTimeMs, limit: Math.min(limit, COUNT_EXACTLY + 1) }
    const counted = await collection.countDocuments({}, options)
    if (counted <= COUNT_EXACTLY || counted >= limit) return counted
    large.add(name)
    return Math.min(Math.max(await inServer(), counted), limit)
  }
  const of = (compiled: CompiledModel, trashed = false) =>
    trashed ? collections.trash(compiled.model.id) : collections.records(compiled.model.id)
  return {
    find(compiled, { filter, sort, skip, limit, projection, trashed, random }) {
      if (random) {
        const stages = [
          { $match: filter },
          { $sample: { size: limit } },
          ...(projection ? [{ $project: projection }] : []),
        ]
        const chosen = of(compiled, trashed).aggregate<StoredRecord>(stages, { maxTimeMS: maxTimeMs })
        return timed(compiled, chosen.toArray())
      }
      const options = {
        limit,
        maxTimeMS: maxTimeMs,
        ...(sort && { sort }),
        ...(skip && { skip }),
        ...(projection && { projection }),
      }
      return timed(compiled, of(compiled, trashed).find(filter, options).toArray() as Promise<StoredRecord[]>)
    },
    async byId(compiled, id, projection) {
      if (!isId(id)) return null
      const options = { maxTimeMS: maxTimeMs, ...(projection && { projection }) }
      const found = of(compiled).findOne({ _id: new ObjectId(id) }, options)
      return timed(compiled, found as Promise<StoredRecord | null>)
    },
    count(compiled, filter, { trashed, limit } = {}) {
      const collection = of(compiled, trashed)
      if (Object.keys(filter).length === 0) return timed(compiled, countAll(collection, limit))
      const options = { maxTimeMS: maxTimeMs, ...(limit && { limit }) }
      return timed(compiled, collection.countDocuments(filter, options))
    },
    aggregate: (compiled, pipeline) =>
      timed(compiled, of(compiled).aggregate(pipeline, { maxTimeMS: maxTimeMs }).toArray()),
  }
}
