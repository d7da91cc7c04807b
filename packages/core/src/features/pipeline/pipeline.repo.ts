import type { Collection, Db } from 'mongodb'
import { isDuplicateKey } from '../../duplicate-key.ts'
import type { SourceFile } from '../runs/supervisor.port.ts'
import type { CodeSource, ReleaseTagName } from './pipeline.schema.ts'

export interface BranchDoc {
  /** `{projectId}:{name}`. */
  _id: string
  projectId: string
  name: string
  revision: number
  files: SourceFile[]
  fileCount: number
  sizeChars: number
  from: CodeSource | null
  createdAt: Date
  updatedAt: Date
  updatedBy: string | null
}

export interface ReleaseDoc {
  /** `{projectId}:{version}`. */
  _id: string
  projectId: string
  version: string
  major: number
  minor: number
  branch: string
  tag: ReleaseTagName
  comment: string
  files: SourceFile[]
  fileCount: number
  sizeChars: number
  createdAt: Date
  createdBy: string | null
}

/** The highest version ever given: a number is not given twice, also when its release was removed. */
interface VersionDoc {
  _id: string
  major: number
  minor: number
}

export type BranchHead = Omit<BranchDoc, 'files'>
export type ReleaseHead = Omit<ReleaseDoc, 'files'>
export type PipelineRepo = ReturnType<typeof createPipelineRepo>

export function createPipelineRepo(db: Db) {
  const versions = db.collection<VersionDoc>('release_versions')
  return {
    branches: createBranches(db),
    releases: createReleases(db),
    /** The next version; every call gives another one. The first is 1.0, whatever the bump. */
    nextVersion: (projectId: string, bump: 'minor' | 'major') => nextVersion(versions, projectId, bump),
    async ensureIndexes() {
      await db.collection('branches').createIndex({ projectId: 1 })
      await db.collection('releases').createIndex({ projectId: 1, major: -1, minor: -1 })
      await db.collection('releases').createIndex({ createdAt: -1 })
    },
    /** Everything of the project, as it is stored. */
    async everything(projectId: string) {
      return {
        branches: await db.collection<BranchDoc>('branches').find({ projectId }).toArray(),
        releases: await db.collection<ReleaseDoc>('releases').find({ projectId }).toArray(),
        lastVersion: await versions.findOne({ _id: projectId }),
      }
    },
    /** The highest version that was given where the project comes from. */
    async setLastVersion(projectId: string, { major, minor }: { major: number; minor: number }) {
      await versions.insertOne({ _id: projectId, major, minor })
    },
    async removeProject(projectId: string) {
      await db.collection('branches').deleteMany({ projectId })
      await db.collection('releases').deleteMany({ projectId })
      await versions.deleteOne({ _id: projectId })
    },
  }
}

async function nextVersion(
  versions: Collection<VersionDoc>,
  projectId: string,
  bump: 'minor' | 'major',
): Promise<{ major: number; minor: number }> {
  const next = await versions.findOneAndUpdate(
    { _id: projectId },
    bump === 'major' ? { $inc: { major: 1 }, $set: { minor: 0 } } : { $inc: { minor: 1 } },
    { returnDocument: 'after' },
  )
  if (next) return { major: next.major, minor: next.minor }
  const first = { major: 1, minor: 0 }
  try {
    await versions.insertOne({ _id: projectId, ...first })
    return first
  } catch (error) {
    // Two first releases at one moment: the other one is 1.0.
    if (!isDuplicateKey(error)) throw error
    return nextVersion(versions, projectId, bump)
  }
}

const HEAD = { projection: { files: 0 } } as const

function createBranches(db: Db) {
  const branches = db.collection<BranchDoc>('branches')
  const idOf = (projectId: string, name: string) => `${projectId}:${name}`
  return {
    list: async (projectId: string): Promise<BranchHead[]> =>
      branches.find({ projectId }, HEAD).sort({ createdAt: 1 }).toArray(),
    find: (projectId: string, name: string) => branches.findOne({ _id: idOf(projectId, name) }),
    head: async (projectId: string, name: string): Promise<BranchHead | null> =>
      branches.findOne({ _id: idOf(projectId, name) }, HEAD),
    /** @throws duplicate key for a known name */
    async add(branch: Omit<BranchDoc, '_id'>): Promise<void> {
      await branches.insertOne({ _id: idOf(branch.projectId, branch.name), ...branch })
    },
    /** Replaces the files; `null` when the branch is gone or has another revision than the one given. */
    async save(
      at: { projectId: string; name: string; revision?: number | undefined },
      set: Partial<Omit<BranchDoc, '_id' | 'revision'>>,
    ): Promise<number | null> {
      const doc = await branches.findOneAndUpdate(
        {
          _id: idOf(at.projectId, at.name),
          ...(at.revision !== undefined && { revision: at.revision }),
        },
        { $set: set, $inc: { revision: 1 } },
        { returnDocument: 'after', ...HEAD },
      )
      return doc?.revision ?? null
    },
    async remove(projectId: string, name: string): Promise<boolean> {
      return (await branches.deleteOne({ _id: idOf(projectId, name) })).deletedCount === 1
    },
  }
}

function createReleases(db: Db) {
  const releases = db.collection<ReleaseDoc>('releases')
  const idOf = (projectId: string, version: string) => `${projectId}:${version}`
  return {
    /** Newest first. */
    list: async (projectId: string): Promise<ReleaseHead[]> =>
      releases.find({ projectId }, HEAD).sort({ major: -1, minor: -1 }).toArray(),
    /** Newest first, whatever the project. */
    recent: async (projectIds: readonly string[], limit: number): Promise<ReleaseHead[]> =>
      releases
        .find({ projectId: { $in: [...projectIds] } }, HEAD)
        .sort({ createdAt: -1 })
        .limit(limit)
        .toArray(),
    find: (projectId: string, version: string) => releases.findOne({ _id: idOf(projectId, version) }),
    /** One of each of several projects. */
    many: (wanted: readonly { projectId: string; version: string }[]) =>
      releases
        .find({ _id: { $in: wanted.map(({ projectId, version }) => idOf(projectId, version)) } })
        .toArray(),
    async add(release: Omit<ReleaseDoc, '_id'>): Promise<void> {
      await releases.insertOne({ _id: idOf(release.projectId, release.version), ...release })
    },
    async remove(projectId: string, version: string): Promise<boolean> {
      return (await releases.deleteOne({ _id: idOf(projectId, version) })).deletedCount === 1
    },
  }
}
