import type { RunnableCode } from './pipeline.service.ts'
import { pipelineErrors } from './pipeline.errors.ts'
import type { PipelineRepo } from './pipeline.repo.ts'
import type { CodeSource } from './pipeline.schema.ts'

/** The files of a source as they are stored. @throws PIPELINE_NO_RELEASE, PIPELINE_NO_BRANCH */
export async function loadCode(
  repo: PipelineRepo,
  projectId: string,
  source: CodeSource,
): Promise<Omit<RunnableCode, 'entry'>> {
  if ('release' in source) {
    const release = await repo.releases.find(projectId, source.release)
    if (!release) throw pipelineErrors.PIPELINE_NO_RELEASE({ version: source.release })
    return { files: release.files, branch: release.branch, tag: release.tag }
  }
  const branch = await repo.branches.find(projectId, source.branch)
  if (!branch) throw pipelineErrors.PIPELINE_NO_BRANCH({ branch: source.branch })
  return { files: branch.files, branch: branch.name, tag: null }
}
