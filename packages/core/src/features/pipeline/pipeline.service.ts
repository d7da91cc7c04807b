import type { Clock } from '@m3m/base'
import type { AuditService } from '../audit/audit.service.ts'
import type { ReleaseTag, SourceFile } from '../runs/supervisor.port.ts'
import type { ProjectsService } from '../projects/projects.service.ts'
import type { UsersService } from '../users/users.service.ts'
import type { Branches } from './branches.ts'
import { createBranches } from './branches.ts'
import type { CodeUse } from './code-use.port.ts'
import type { Compiler } from './compiler.port.ts'
import type { PipelineRepo } from './pipeline.repo.ts'
import type { CodeHit, CodeProblem, CodeSource, FileDiff } from './pipeline.schema.ts'
import type { Releases } from './releases.ts'
import { createReleases } from './releases.ts'
import { diffFiles, entryOf, findEntry, searchFiles } from './source-files.ts'
import { loadCode } from './stored-code.ts'
import { TEMPLATE } from './template.ts'

/** The code of a source, ready to be run. */
export interface RunnableCode {
  files: SourceFile[]
  /** `main.js` or `main.ts`. */
  entry: string
  branch: string
  /** `null` for a branch. */
  tag: ReleaseTag | null
}

/** Branches and releases: what may be run, and what was. */
export interface PipelineService extends Branches, Releases {
  /** What the editor shows before the first save. */
  template(): SourceFile[]
  /** Marks of the saved code; an empty list means that it can be started. */
  check(projectId: string, source: CodeSource): Promise<CodeProblem[]>
  diff(input: { projectId: string; a: CodeSource; b: CodeSource }): Promise<FileDiff[]>
  /** At most 500 lines. */
  search(input: { projectId: string; source: CodeSource; text: string }): Promise<CodeHit[]>
  /** @throws PIPELINE_NO_RELEASE, PIPELINE_NO_BRANCH, PIPELINE_NO_ENTRY */
  runnable(projectId: string, source: CodeSource): Promise<RunnableCode>
  /** Releases of several projects at once, by project. One that cannot be run is left out: `runnable` says why. */
  runnableReleases(
    wanted: readonly { projectId: string; version: string }[],
  ): Promise<ReadonlyMap<string, RunnableCode>>
  removeProject(projectId: string): Promise<void>
}

export interface PipelineDeps {
  repo: PipelineRepo
  compiler: Compiler
  codeUse: CodeUse
  users: Pick<UsersService, 'names'>
  projects: Pick<ProjectsService, 'list' | 'news'>
  audit: AuditService
  clock: Clock
}

export function createPipeline(deps: PipelineDeps): PipelineService {
  const { repo, compiler } = deps
  const filesOf = async (projectId: string, source: CodeSource) =>
    (await loadCode(repo, projectId, source)).files

  return {
    ...createBranches(deps),
    ...createReleases(deps),
    template: () => TEMPLATE.map((file) => ({ ...file })),
    check: async (projectId, source) => compiler.check(await filesOf(projectId, source)),
    diff: async ({ projectId, a, b }) => diffFiles(await filesOf(projectId, a), await filesOf(projectId, b)),
    search: async ({ projectId, source, text }) => searchFiles(await filesOf(projectId, source), text),
    async runnable(projectId, source) {
      const code = await loadCode(repo, projectId, source)
      return { ...code, entry: entryOf(code.files, source) }
    },
    async runnableReleases(wanted) {
      const found = new Map<string, RunnableCode>()
      for (const { projectId, files, branch, tag } of await repo.releases.many(wanted)) {
        const entry = findEntry(files)
        if (entry !== null) found.set(projectId, { files, branch, tag, entry })
      }
      return found
    },
    removeProject: (projectId) => repo.removeProject(projectId),
  }
}
