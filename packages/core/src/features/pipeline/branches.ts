import type { z } from 'zod'
import { isDuplicateKey } from '../../duplicate-key.ts'
import type { SignedIn } from '../access/actor.schema.ts'
import type { SourceFile } from '../runs/supervisor.port.ts'
import { pipelineErrors } from './pipeline.errors.ts'
import type { BranchDoc, BranchHead } from './pipeline.repo.ts'
import type {
  BranchFiles,
  BranchView,
  SaveResult,
  createBranchInput,
  resetBranchInput,
  saveFilesInput,
} from './pipeline.schema.ts'
import { FIRST_BRANCH } from './pipeline.schema.ts'
import type { PipelineDeps } from './pipeline.service.ts'
import { demandSaveable, sizeOf } from './source-files.ts'
import { loadCode } from './stored-code.ts'

/** Editable code. */
export interface Branches {
  branches(projectId: string): Promise<BranchView[]>
  /** @throws PIPELINE_NO_BRANCH */
  branch(projectId: string, name: string): Promise<BranchFiles>
  /** @throws PIPELINE_BRANCH_EXISTS, PIPELINE_NO_BRANCH, PIPELINE_NO_RELEASE */
  createBranch(actor: SignedIn, input: z.output<typeof createBranchInput>): Promise<BranchView>
  /**
   * Saves whatever the compile check says; the first save of a project makes `develop`.
   * @throws PIPELINE_REVISION_STALE, PIPELINE_NO_BRANCH, PIPELINE_FILES, PIPELINE_TOO_LARGE
   */
  saveFiles(actor: SignedIn, input: z.output<typeof saveFilesInput>): Promise<SaveResult>
  /** The files of another source take the place of the branch's own. */
  resetBranch(actor: SignedIn, input: z.output<typeof resetBranchInput>): Promise<SaveResult>
  /** @throws PIPELINE_BRANCH_RUNNING */
  removeBranch(actor: SignedIn, projectId: string, branch: string): Promise<void>
}

const MAX_BRANCHES = 100

export function createBranches(deps: PipelineDeps): Branches {
  const { repo, users, codeUse } = deps
  return {
    async branches(projectId) {
      const heads = await repo.branches.list(projectId)
      const names = await users.names(heads.map(({ updatedBy }) => updatedBy))
      const live = await codeUse.live(projectId)
      const running = live && 'branch' in live ? live.branch : null
      return heads.map((head) => toView(head, names, running))
    },
    async branch(projectId, name) {
      const doc = await repo.branches.find(projectId, name)
      if (!doc) throw pipelineErrors.PIPELINE_NO_BRANCH({ branch: name })
      const { files, revision, updatedAt, updatedBy } = doc
      const names = await users.names([updatedBy])
      return {
        name,
        files,
        revision,
        updatedAt: updatedAt.toISOString(),
        updatedBy: (updatedBy && names.get(updatedBy)) || null,
      }
    },
    createBranch: (actor, input) => createBranch(deps, actor, input),
    saveFiles: (actor, input) => saveFiles(deps, actor, input),
    resetBranch: (actor, input) => resetBranch(deps, actor, input),
    async removeBranch(actor, projectId, branch) {
      if (!(await repo.branches.head(projectId, branch))) throw pipelineErrors.PIPELINE_NO_BRANCH({ branch })
      const removed = await codeUse.removeUnused(projectId, { branch }, async () => {
        await repo.branches.remove(projectId, branch)
      })
      if (!removed) throw pipelineErrors.PIPELINE_BRANCH_RUNNING({ branch })
      deps.projects.news.tell(projectId, 'code')
      await deps.audit.add(actor, { action: 'pipeline.removeBranch', projectId, target: branch })
    },
  }
}

async function createBranch(
  deps: PipelineDeps,
  actor: SignedIn,
  { projectId, name, from }: z.output<typeof createBranchInput>,
): Promise<BranchView> {
  const { repo, users, audit } = deps
  const { files } = await loadCode(repo, projectId, from)
  const doc = newBranch(deps, actor, { projectId, name, files, from })
  await addBranch(deps, doc)
  deps.projects.news.tell(projectId, 'code')
  await audit.add(actor, { action: 'pipeline.createBranch', projectId, target: name, after: { from } })
  return toView({ ...doc, _id: '' }, await users.names([actor.userId]), null)
}

async function saveFiles(
  deps: PipelineDeps,
  actor: SignedIn,
  input: z.output<typeof saveFilesInput>,
): Promise<SaveResult> {
  const { projectId, branch, files, revision } = input
  const { repo, compiler, audit } = deps
  demandSaveable(files)
  const saved =
    (await repo.branches.save({ projectId, name: branch, revision }, contentOf(deps, actor, files))) ??
    (await firstSave(deps, actor, input))
  deps.projects.news.tell(projectId, 'code')
  await audit.add(actor, {
    action: 'pipeline.saveFiles',
    projectId,
    target: branch,
    after: { revision: saved, files: files.length },
  })
  return { branch, revision: saved, problems: await compiler.check(files) }
}

/** The save found no branch of that revision: it is the first one, or somebody was faster. */
async function firstSave(deps: PipelineDeps, actor: SignedIn, input: z.output<typeof saveFilesInput>) {
  const { projectId, branch, files } = input
  const head = await deps.repo.branches.head(projectId, branch)
  if (head) throw pipelineErrors.PIPELINE_REVISION_STALE({ branch, revision: head.revision })
  if (branch !== FIRST_BRANCH || (await deps.repo.branches.list(projectId)).length > 0) {
    throw pipelineErrors.PIPELINE_NO_BRANCH({ branch })
  }
  const doc = newBranch(deps, actor, { projectId, name: branch, files, from: null })
  try {
    await addBranch(deps, doc)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'PIPELINE_BRANCH_EXISTS')) throw error
    throw pipelineErrors.PIPELINE_REVISION_STALE({ branch, revision: doc.revision }, { cause: error })
  }
  return doc.revision
}

async function resetBranch(
  deps: PipelineDeps,
  actor: SignedIn,
  { projectId, branch, to }: z.output<typeof resetBranchInput>,
): Promise<SaveResult> {
  const { repo, compiler, audit } = deps
  const { files } = await loadCode(repo, projectId, to)
  const content = { ...contentOf(deps, actor, files), from: to }
  const revision = await repo.branches.save({ projectId, name: branch }, content)
  if (revision === null) throw pipelineErrors.PIPELINE_NO_BRANCH({ branch })
  deps.projects.news.tell(projectId, 'code')
  await audit.add(actor, {
    action: 'pipeline.resetBranch',
    projectId,
    target: branch,
    after: { to, revision },
  })
  return { branch, revision, problems: await compiler.check(files) }
}

async function addBranch({ repo }: PipelineDeps, doc: Omit<BranchDoc, '_id'>): Promise<void> {
  if ((await repo.branches.list(doc.projectId)).length >= MAX_BRANCHES) {
    throw pipelineErrors.PIPELINE_TOO_MANY_BRANCHES({ max: MAX_BRANCHES })
  }
  await repo.branches.add(doc).catch((error: unknown) => {
    if (!isDuplicateKey(error)) throw error
    throw pipelineErrors.PIPELINE_BRANCH_EXISTS({ branch: doc.name }, { cause: error })
  })
}

function contentOf({ clock }: PipelineDeps, actor: SignedIn, files: readonly SourceFile[]) {
  return {
    files: files.map(({ path, code }) => ({ path, code })),
    fileCount: files.length,
    sizeChars: sizeOf(files),
    updatedAt: new Date(clock.now()),
    updatedBy: actor.userId,
  }
}

function newBranch(
  deps: PipelineDeps,
  actor: SignedIn,
  made: Pick<BranchDoc, 'projectId' | 'name' | 'files' | 'from'>,
): Omit<BranchDoc, '_id'> {
  const content = contentOf(deps, actor, made.files)
  return { ...made, ...content, revision: 1, createdAt: content.updatedAt }
}

function toView(
  head: BranchHead,
  names: Map<string, { id: string; name: string }>,
  running: string | null,
): BranchView {
  const { name, revision, fileCount, sizeChars, createdAt, updatedAt, updatedBy, from } = head
  return {
    name,
    revision,
    fileCount,
    sizeChars,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    updatedBy: (updatedBy && names.get(updatedBy)) || null,
    from,
    running: running === name,
  }
}
