import type { z } from 'zod'
import type { SignedIn } from '../access/actor.schema.ts'
import { pipelineErrors } from './pipeline.errors.ts'
import type { ReleaseDoc, ReleaseHead } from './pipeline.repo.ts'
import type {
  RecentRelease,
  ReleaseFiles,
  ReleaseView,
  clearReleasesInput,
  createReleaseInput,
} from './pipeline.schema.ts'
import type { PipelineDeps } from './pipeline.service.ts'
import { entryOf, sizeOf } from './source-files.ts'
import { loadCode } from './stored-code.ts'

/** A client asks every few seconds; more than this is not made in between. */
const RECENT = 20

/** Immutable code: nothing here changes a release, it can only be made and removed. */
export interface Releases {
  /** Newest first. */
  releases(projectId: string): Promise<ReleaseView[]>
  /** The newest 20 of all projects that the actor may see: for a client that tells of what others released. */
  recentReleases(actor: SignedIn): Promise<RecentRelease[]>
  /** @throws PIPELINE_NO_RELEASE */
  release(projectId: string, version: string): Promise<ReleaseFiles>
  /** Of what is saved in the branch; the first one is 1.0. @throws PIPELINE_NO_BRANCH, PIPELINE_NO_ENTRY */
  createRelease(actor: SignedIn, input: z.output<typeof createReleaseInput>): Promise<{ version: string }>
  /** @throws PIPELINE_NO_RELEASE, PIPELINE_RELEASE_RUNNING */
  removeRelease(actor: SignedIn, projectId: string, version: string): Promise<void>
  /** Removes all but the newest `keep`, what runs and what should run. */
  clearReleases(actor: SignedIn, input: z.output<typeof clearReleasesInput>): Promise<{ removed: string[] }>
}

export function createReleases(deps: PipelineDeps): Releases {
  const { repo, users, codeUse, audit } = deps

  async function views(projectId: string, heads: readonly ReleaseHead[]): Promise<ReleaseView[]> {
    const names = await users.names(heads.map(({ createdBy }) => createdBy))
    const live = await codeUse.live(projectId)
    const running = live && 'release' in live ? live.release : null
    return heads.map((head) => toView(head, names, running))
  }

  const removeUnused = (projectId: string, version: string) =>
    codeUse.removeUnused(projectId, { release: version }, async () => {
      await repo.releases.remove(projectId, version)
    })

  return {
    releases: async (projectId) => views(projectId, await repo.releases.list(projectId)),
    async recentReleases(actor) {
      const projectIds = (await deps.projects.list(actor)).map(({ id }) => id)
      const heads = await repo.releases.recent(projectIds, RECENT)
      const names = await users.names(heads.map(({ createdBy }) => createdBy))
      return heads.map((head) => {
        const { version, tag, createdBy, createdAt } = toView(head, names, null)
        return {
          projectId: head.projectId,
          version,
          tag,
          own: head.createdBy === actor.userId,
          createdBy,
          createdAt,
        }
      })
    },
    async release(projectId, version) {
      const doc = await repo.releases.find(projectId, version)
      if (!doc) throw pipelineErrors.PIPELINE_NO_RELEASE({ version })
      return { ...(await views(projectId, [doc]))[0]!, files: doc.files }
    },
    createRelease: (actor, input) => createRelease(deps, actor, input),
    async removeRelease(actor, projectId, version) {
      const doc = await repo.releases.find(projectId, version)
      if (!doc) throw pipelineErrors.PIPELINE_NO_RELEASE({ version })
      if (!(await removeUnused(projectId, version)))
        throw pipelineErrors.PIPELINE_RELEASE_RUNNING({ version })
      deps.projects.news.tell(projectId, 'code')
      const before = { tag: doc.tag, comment: doc.comment }
      await audit.add(actor, { action: 'pipeline.removeRelease', projectId, target: version, before })
    },
    async clearReleases(actor, { projectId, keep }) {
      const removed: string[] = []
      for (const { version } of (await repo.releases.list(projectId)).slice(keep)) {
        if (await removeUnused(projectId, version)) removed.push(version)
      }
      deps.projects.news.tell(projectId, 'code')
      await audit.add(actor, { action: 'pipeline.clearReleases', projectId, before: { removed } })
      return { removed }
    },
  }
}

async function createRelease(
  { repo, projects, audit, clock }: PipelineDeps,
  actor: SignedIn,
  { projectId, branch, bump, tag, comment }: z.output<typeof createReleaseInput>,
): Promise<{ version: string }> {
  const source = { branch }
  const { files } = await loadCode(repo, projectId, source)
  entryOf(files, source)
  const { major, minor } = await repo.nextVersion(projectId, bump)
  const version = `${major}.${minor}`
  const doc: Omit<ReleaseDoc, '_id'> = {
    projectId,
    version,
    major,
    minor,
    branch,
    tag,
    comment,
    files,
    fileCount: files.length,
    sizeChars: sizeOf(files),
    createdAt: new Date(clock.now()),
    createdBy: actor.userId,
  }
  await repo.releases.add(doc)
  projects.news.tell(projectId, 'code')
  await audit.add(actor, {
    action: 'pipeline.createRelease',
    projectId,
    target: version,
    after: { branch, tag, comment },
  })
  return { version }
}

function toView(
  head: ReleaseHead,
  names: Map<string, { id: string; name: string }>,
  running: string | null,
): ReleaseView {
  const { version, branch, tag, comment, createdAt, createdBy, fileCount, sizeChars } = head
  return {
    version,
    branch,
    tag,
    comment,
    createdBy: (createdBy && names.get(createdBy)) || null,
    createdAt: createdAt.toISOString(),
    fileCount,
    sizeChars,
    running: running === version,
  }
}
