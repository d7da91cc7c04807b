import type { Collection, Db, Filter } from 'mongodb'
import type { CodeSource } from '../pipeline/pipeline.schema.ts'
import type { JobMarks } from '../runs/supervisor.port.ts'
import type { JobResult, JobTime, JobTrigger } from './jobs.schema.ts'

export interface JobTimeDoc {
  /** `{runId}:{n}`: the note of the beginning and that of the end are one entry. */
  _id: string
  projectId: string
  runId: string
  source: CodeSource
  branch: string
  key: string
  trigger: JobTrigger
  plannedAt: Date
  startedAt: Date
  endedAt: Date | null
  result: JobResult
  /** Both absent in what was written before times were left out. */
  skipped?: JobTime['skipped'] | null
  times?: number
  error: NonNullable<JobTime['error']> | null
}

interface JobMarkDoc {
  /** `{projectId}:{key}` */
  _id: string
  projectId: string
  key: string
  /** Every due time until then was looked after. */
  attendedAt?: Date
  paused?: boolean
  /** When it was written last. */
  at: Date
}

type MarkChange = Pick<JobMarkDoc, 'attendedAt' | 'paused'>

export type JobsRepo = ReturnType<typeof createJobsRepo>

/** Kept of each job, and of all jobs of a project together: a name made anew each time must not fill the database. */
const MAX_OF_JOB = 100
const MAX_OF_PROJECT = 2_000
/** As many as a run may have jobs. */
const MAX_MARKS = 1_000

export function createJobsRepo(db: Db) {
  const times = db.collection<JobTimeDoc>('job_times')
  const marks = db.collection<JobMarkDoc>('job_marks')

  /** Removes what is older than the `keep`th newest. */
  async function keepNewest(filter: Filter<JobTimeDoc>, keep: number): Promise<void> {
    const [oldest] = await times.find(filter).sort({ startedAt: -1, _id: -1 }).skip(keep).limit(1).toArray()
    if (oldest) await times.deleteMany({ ...filter, startedAt: { $lte: oldest.startedAt } })
  }

  return {
    async ensureIndexes() {
      await times.createIndex({ projectId: 1, startedAt: -1 })
      await times.createIndex({ projectId: 1, key: 1, startedAt: -1 })
      await times.createIndex({ runId: 1, result: 1 })
      await marks.createIndex({ projectId: 1, at: -1 })
    },
    async save(docs: readonly JobTimeDoc[]) {
      if (docs.length === 0) return
      await times.bulkWrite(
        docs.map(({ _id, ...doc }) => ({
          replaceOne: { filter: { _id }, replacement: doc, upsert: true },
        })),
        { ordered: false },
      )
    },
    /** What these runs had under way is cut off; without an id, what any run had. */
    async interrupt(at: Date, runId?: string) {
      await times.updateMany(
        { ...(runId !== undefined && { runId }), result: 'running' },
        { $set: { result: 'interrupted', endedAt: at } },
      )
    },
    async prune(projectId: string, keys: readonly string[]) {
      for (const key of keys) await keepNewest({ projectId, key }, MAX_OF_JOB)
      await keepNewest({ projectId }, MAX_OF_PROJECT)
      const [oldest] = await marks.find({ projectId }).sort({ at: -1 }).skip(MAX_MARKS).limit(1).toArray()
      if (oldest) await marks.deleteMany({ projectId, at: { $lte: oldest.at } })
    },
    find: (projectId: string, id: string) => times.findOne({ _id: id, projectId }),
    /** Newest first. */
    list(projectId: string, query: { key?: string; limit: number; before?: JobTimeDoc | null }) {
      const { key, limit, before } = query
      const older: Filter<JobTimeDoc> = before
        ? {
            $or: [
              { startedAt: { $lt: before.startedAt } },
              { startedAt: before.startedAt, _id: { $lt: before._id } },
            ],
          }
        : {}
      return times
        .find({ projectId, ...(key !== undefined && { key }), ...older })
        .sort({ startedAt: -1, _id: -1 })
        .limit(limit)
        .toArray()
    },
    /** The latest time each of these jobs ran; what was left out is none. */
    async latest(projectId: string, keys: readonly string[]): Promise<JobTimeDoc[]> {
      const ran = { projectId, result: { $ne: 'skipped' } } as const
      const found = await Promise.all(
        keys.map((key) =>
          times
            .find({ ...ran, key })
            .sort({ startedAt: -1, _id: -1 })
            .limit(1)
            .next(),
        ),
      )
      return found.filter((doc) => doc !== null)
    },
    ...createMarks(marks),
    async removeProject(projectId: string) {
      await times.deleteMany({ projectId })
      await marks.deleteMany({ projectId })
    },
  }
}

function createMarks(marks: Collection<JobMarkDoc>) {
  return {
    marks: async (projectId: string): Promise<JobMarks> => toMarks(await marks.find({ projectId }).toArray()),
    async marksOf(projectIds: readonly string[]): Promise<Map<string, JobMarks>> {
      const docs = await marks.find({ projectId: { $in: [...projectIds] } }).toArray()
      const byProject = Map.groupBy(docs, ({ projectId }) => projectId)
      return new Map(projectIds.map((projectId) => [projectId, toMarks(byProject.get(projectId) ?? [])]))
    },
    async mark(projectId: string, changes: Readonly<Record<string, MarkChange>>, at: Date) {
      const writes = Object.entries(changes).map(([key, change]) => ({
        updateOne: {
          filter: { _id: `${projectId}:${key}` },
          update: { $set: { projectId, key, at, ...change } },
          upsert: true,
        },
      }))
      if (writes.length > 0) await marks.bulkWrite(writes, { ordered: false })
    },
  }
}

function toMarks(docs: readonly JobMarkDoc[]): JobMarks {
  return Object.fromEntries(
    docs.map(({ key, attendedAt, paused }) => [
      key,
      { ...(attendedAt && { attendedMs: attendedAt.getTime() }), ...(paused && { paused }) },
    ]),
  )
}
