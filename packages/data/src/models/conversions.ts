import type { Clock, Logger } from '@m3m/base'
import type { Collection, Document } from 'mongodb'
import type { Collections } from '../collections.ts'
import { convertRecords } from './convert-records.ts'
import { diffModels } from './model-diff.ts'
import { syncIndexes } from './model-indexes.ts'
import type { ModelsRepo } from './models.repo.ts'
import type { Model } from './models.schema.ts'

/** How far the records of a changed model are. */
export interface ConversionProgress {
  done: number
  total: number
}

interface JobDocument extends ConversionProgress {
  /** The model's id: one conversion at a time. */
  _id: string
  projectId: string
  before: Model
  after: Model
  /** All records were seen once; only the second look is due. */
  passed: boolean
}

/** A conversion that was announced. */
export type PlannedConversion = Readonly<JobDocument>

/** Brings records to a new version of their model, and survives being killed on the way. */
export interface Conversions {
  /** Announces it, before the model is saved: a process killed after the save finds it. `null` when records stay as they are. */
  plan(before: Model, after: Model, records: number): Promise<PlannedConversion | null>
  /** Waits for few records and works on in the background with many. Call it when the model is saved. */
  run(planned: PlannedConversion): Promise<void>
  /** Takes back what was announced, when the model could not be saved. */
  cancel(planned: PlannedConversion): Promise<void>
  isRunning(modelId: string): Promise<boolean>
  /** By model id. */
  progress(projectId: string): Promise<Record<string, ConversionProgress>>
  /** Takes up what a killed process left. How many there were. */
  resume(): Promise<number>
  /** Ends what is under way: the model is about to be removed. */
  forget(modelId: string): Promise<void>
  /** Waits for the passes under way; a second look that is due later is left to {@link Conversions.resume}. */
  end(): Promise<void>
}

export interface ConversionDeps {
  repo: ModelsRepo
  collections: Collections
  clock: Clock
  logger: Logger
}

/** So many are converted while the caller waits. */
const AT_ONCE = 2000
/**
 * Another process may write by the old model until it sees the new one (500 ms at the latest) and for as long
 * as such a write takes; what it wrote is found by a second pass.
 */
const SECOND_LOOK_MS = 3000

export function createConversions({ repo, collections, clock, logger }: ConversionDeps): Conversions {
  const jobs: Collection<JobDocument> = collections.of<JobDocument & Document>('modelJobs')
  const looks = new Map<string, () => void>()
  /** Passes under way, by model id. */
  const passing = new Map<string, Promise<void>>()

  const pass = (job: PlannedConversion) => convertOnce({ jobs, collections, nowMs: clock.now() }, job)

  async function secondPass(job: PlannedConversion): Promise<void> {
    // A newer change of the model may have given a key to another field meanwhile.
    const current = await repo.get(job.projectId, job._id)
    if (current?.version === job.after.version) await pass(job)
    await jobs.deleteOne({ _id: job._id, 'after.version': job.after.version })
  }

  function tracked({ _id }: PlannedConversion, work: Promise<void>): Promise<void> {
    const quiet = work.catch((error: unknown) => {
      logger.error('the records of a changed model could not all be converted; the next start tries again', {
        error,
      })
    })
    passing.set(_id, quiet)
    void quiet.finally(() => passing.get(_id) === quiet && passing.delete(_id))
    return work
  }

  function background(job: PlannedConversion, work: Promise<void>): void {
    tracked(job, work).catch(() => {})
  }

  async function begin(job: PlannedConversion): Promise<void> {
    await pass(job)
    const cancel = clock.after(SECOND_LOOK_MS, () => {
      looks.delete(job._id)
      background(job, secondPass({ ...job, passed: true }))
    })
    looks.set(job._id, cancel)
  }

  return {
    async plan(before, after, total) {
      const diff = diffModels(before, after)
      if (diff.renamed.length + diff.removed.length + diff.retyped.length === 0) return null
      const job = { _id: after.id, projectId: after.projectId, before, after, done: 0, total, passed: false }
      looks.get(job._id)?.()
      // Two at once, the second look of the last change and this one, would convert the same values to two types.
      await passing.get(job._id)
      await jobs.replaceOne({ _id: job._id }, job, { upsert: true })
      return job
    },
    async run(planned) {
      const work = begin(planned)
      if (planned.total <= AT_ONCE) await tracked(planned, work)
      else background(planned, work)
    },
    async cancel(planned) {
      await jobs.deleteOne({ _id: planned._id, 'after.version': planned.after.version })
    },
    isRunning: async (modelId) => (await jobs.findOne({ _id: modelId }))?.passed === false,
    async progress(projectId) {
      const found = await jobs.find({ projectId }).toArray()
      return Object.fromEntries(found.map(({ _id, done, total }) => [_id, { done, total }]))
    },
    async resume() {
      const left = await jobs.find({}).toArray()
      for (const job of left) background(job, secondPass(job))
      return left.length
    },
    async forget(modelId) {
      looks.get(modelId)?.()
      await jobs.deleteOne({ _id: modelId })
      // It sees that its job is gone, after a batch at the latest.
      await passing.get(modelId)
    },
    async end() {
      for (const cancel of looks.values()) cancel()
      await Promise.all(passing.values())
    },
  }
}

interface PassDeps {
  jobs: Collection<JobDocument>
  collections: Collections
  nowMs: number
}

/** Converts all records, and keeps what others may see of it in the job. Ends early when the job is gone. */
async function convertOnce({ jobs, collections, nowMs }: PassDeps, job: PlannedConversion): Promise<void> {
  const { before, after, total, passed } = job
  const mark = async (change: Partial<JobDocument>) =>
    (await jobs.updateOne({ _id: after.id, 'after.version': after.version }, { $set: change }))
      .matchedCount === 1
  // The second look is no news to who watches: all is done already.
  const progress = (done: number) => mark(passed ? { passed } : { done: Math.min(done, total) })
  await convertRecords(collections, before, after, { nowMs, progress })
  // The model may have been removed meanwhile: an index would bring its collection back.
  if (!(await mark({ done: total }))) return
  await syncIndexes(collections, after)
  await mark({ passed: true })
}
