import type { Suspicion } from './run-quarantine.ts'
import type { Db } from 'mongodb'
import { groupWrites } from '../../group-writes.ts'
import type { CodeSource, ReleaseTagName } from '../pipeline/pipeline.schema.ts'
import type { RunCause, RunCondition, RunEndCause, RunReason, RunStateName } from './runs.schema.ts'

/** What should run. Written by people's wishes only: no crash and no shutdown changes it. */
export interface DesiredDoc {
  /** The project. */
  _id: string
  run: boolean
  source: CodeSource | null
  /** The last release started with the tag `stable`. */
  activeRelease: string | null
  /** The last release that became active: where a rollback goes. */
  lastGood: string | null
}

/** What runs. Written by the agent that owns the project, with the fence of its run. */
export interface ObservedDoc {
  /** The project. */
  _id: string
  /** Grows with every start: a writer with a lower one is a former owner and is not heard. */
  fence: number
  state: RunStateName
  source: CodeSource | null
  branch: string | null
  tag: ReleaseTagName | null
  since: Date
  runId: string | null
  conditions: RunCondition[]
  reason: RunReason | null
  nextStartAt: Date | null
  /** A version that has to be alone, or had to be; absent in what was written before it was kept. */
  suspicion?: Suspicion | null
}

/** A program's key; the name is kept because keys are revoked and runs are remembered. */
export interface KeyOfRun {
  id: string
  name: string
}

export interface RunDoc {
  /** The run. */
  _id: string
  projectId: string
  fence: number
  source: CodeSource
  branch: string
  tag: ReleaseTagName | null
  cause: RunCause
  /** After crashes, since a person started it; absent in runs of before it was counted. */
  restarts?: number
  startedBy: string | null
  /** The key that a program started it by, with the name it had then; absent otherwise. */
  startedByKey?: KeyOfRun
  startedAt: Date
  activeAt: Date | null
  endedAt: Date | null
  endCause: RunEndCause | null
  endedBy: string | null
  endedByKey?: KeyOfRun
  reason: RunReason | null
  /** How often each limit was passed; absent when none was. */
  limits?: Readonly<Record<string, number>>
}

/** What is stored of a project's runs beside their history. */
export interface StoredState {
  desired: DesiredDoc
  /** Null when nothing was ever started. */
  observed: ObservedDoc | null
}

export type RunsRepo = ReturnType<typeof createRunsRepo>

/** Entries of history kept for each project. */
const MAX_HISTORY = 500

export function createRunsRepo(db: Db) {
  const desired = db.collection<DesiredDoc>('run_desired')
  const observed = db.collection<ObservedDoc>('run_observed')
  const writeObserved = groupWrites(observed)
  const history = createHistory(db)
  return {
    history,
    ensureIndexes: () => history.ensureIndexes(),
    desired: (projectId: string) => desired.findOne({ _id: projectId }),
    async saveDesired({ _id, ...set }: DesiredDoc) {
      await desired.updateOne({ _id }, { $set: set }, { upsert: true })
    },
    /** Everything that should run, with what was observed of it last; by project. */
    async wanted(): Promise<StoredState[]> {
      const docs = await desired.find({ run: true }).toArray()
      const seen = await observed.find({ _id: { $in: docs.map(({ _id }) => _id) } }).toArray()
      const byProject = new Map(seen.map((doc) => [doc._id, doc]))
      return docs.map((doc) => ({ desired: doc, observed: byProject.get(doc._id) ?? null }))
    },
    observed: (projectId: string) => observed.findOne({ _id: projectId }),
    /** Numbers the next start and notes what is observed with it: one write, so that no start has a number unseen. */
    async nextFence({ _id, fence: _before, ...set }: ObservedDoc): Promise<number> {
      const options = { upsert: true, returnDocument: 'after', projection: { fence: 1 } } as const
      const doc = await observed.findOneAndUpdate({ _id }, { $inc: { fence: 1 }, $set: set }, options)
      return doc!.fence
    },
    /** Nothing is written when another agent has started a newer run meanwhile. */
    saveObserved: ({ _id, ...set }: ObservedDoc) =>
      writeObserved({ updateOne: { filter: { _id, fence: { $lte: set.fence } }, update: { $set: set } } }),
    async removeProject(projectId: string) {
      await desired.deleteOne({ _id: projectId })
      await observed.deleteOne({ _id: projectId })
      await db.collection('runs').deleteMany({ projectId })
    },
  }
}

function createHistory(db: Db) {
  const runs = db.collection<RunDoc>('runs')
  const write = groupWrites(runs)
  return {
    async ensureIndexes() {
      await runs.createIndex({ projectId: 1, startedAt: -1 })
    },
    add: (run: RunDoc) => write({ insertOne: { document: run } }),
    active: (id: string, at: Date) =>
      write({ updateOne: { filter: { _id: id }, update: { $set: { activeAt: at } } } }),
    end: (
      id: string,
      end: Pick<RunDoc, 'endedAt' | 'endCause' | 'endedBy' | 'endedByKey' | 'reason' | 'limits'>,
    ) => write({ updateOne: { filter: { _id: id }, update: { $set: end } } }),
    find: (projectId: string, id: string) => runs.findOne({ _id: id, projectId }),
    /** The newest run of a release that is not this one. */
    releaseBefore: (projectId: string, runId: string) =>
      runs.findOne(
        { projectId, _id: { $ne: runId }, 'source.release': { $exists: true } },
        { sort: { startedAt: -1, fence: -1 }, projection: { source: 1 } },
      ),
    latest: (projectId: string) => runs.findOne({ projectId }, { sort: { startedAt: -1, fence: -1 } }),
    /** Newest first. */
    async list(projectId: string, { limit, before }: { limit: number; before?: RunDoc | null }) {
      const older = before && {
        $or: [
          { startedAt: { $lt: before.startedAt } },
          { startedAt: before.startedAt, fence: { $lt: before.fence } },
        ],
      }
      return runs
        .find({ projectId, ...older })
        .sort({ startedAt: -1, fence: -1 })
        .limit(limit)
        .toArray()
    },
    /** Ends what a killed agent could not end. */
    async endOpen(at: Date) {
      await runs.updateMany({ endedAt: null }, { $set: { endedAt: at, endCause: 'agent-killed' } })
    },
    /** Removes the oldest beyond what is kept. */
    async prune(projectId: string) {
      const [oldest] = await runs
        .find({ projectId })
        .sort({ startedAt: -1 })
        .skip(MAX_HISTORY)
        .limit(1)
        .toArray()
      if (oldest) await runs.deleteMany({ projectId, startedAt: { $lte: oldest.startedAt } })
    },
  }
}
