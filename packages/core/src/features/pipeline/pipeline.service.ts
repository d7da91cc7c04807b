import type { z } from 'zod'
import type { SignedIn } from '../access/actor.schema.ts'
import type { ReleaseTag, SourceFile } from '../runs/supervisor.port.ts'
import type {
  BranchFiles,
  BranchView,
  CodeHit,
  CodeProblem,
  CodeSource,
  FileDiff,
  ReleaseFiles,
  ReleaseView,
  SaveResult,
  clearReleasesInput,
  createBranchInput,
  createReleaseInput,
  diffInput,
  resetBranchInput,
  saveFilesInput,
  searchCodeInput,
} from './pipeline.schema.ts'

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
export interface PipelineService {
  /** What the editor shows before the first save. */
  template(): SourceFile[]
  branches(projectId: string): Promise<BranchView[]>
  branch(projectId: string, name: string): Promise<BranchFiles>
  createBranch(actor: SignedIn, input: z.output<typeof createBranchInput>): Promise<BranchView>
  /** Saves whatever the compile check says. @throws PIPELINE_REVISION_STALE, PIPELINE_NO_BRANCH */
  saveFiles(actor: SignedIn, input: z.output<typeof saveFilesInput>): Promise<SaveResult>
  check(projectId: string, source: CodeSource): Promise<CodeProblem[]>
  resetBranch(actor: SignedIn, input: z.output<typeof resetBranchInput>): Promise<SaveResult>
  removeBranch(actor: SignedIn, projectId: string, branch: string): Promise<void>
  releases(projectId: string): Promise<ReleaseView[]>
  release(projectId: string, version: string): Promise<ReleaseFiles>
  createRelease(actor: SignedIn, input: z.output<typeof createReleaseInput>): Promise<{ version: string }>
  removeRelease(actor: SignedIn, projectId: string, version: string): Promise<void>
  clearReleases(actor: SignedIn, input: z.output<typeof clearReleasesInput>): Promise<{ removed: string[] }>
  diff(input: z.output<typeof diffInput>): Promise<FileDiff[]>
  search(input: z.output<typeof searchCodeInput>): Promise<CodeHit[]>
  /** @throws PIPELINE_NO_RELEASE, PIPELINE_NO_BRANCH, PIPELINE_NO_ENTRY */
  runnable(projectId: string, source: CodeSource): Promise<RunnableCode>
}
