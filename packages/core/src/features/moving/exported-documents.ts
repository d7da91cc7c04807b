import type { PipelineRepo } from '../pipeline/pipeline.repo.ts'
import type { ViewsRepo } from '../views/views.repo.ts'
import type { ControlDocument } from './import-control.ts'

/** Branches, releases and the highest version ever given, without what is of this agent alone. */
export async function exportedCode(repo: PipelineRepo, projectId: string): Promise<ControlDocument[]> {
  const { branches, releases, lastVersion } = await repo.everything(projectId)
  return [
    ...branches.map(({ name, files, from, createdAt, updatedAt }) => ({
      part: 'branches' as const,
      document: { name, files, from, createdAt, updatedAt },
    })),
    ...releases.map(({ version, branch, tag, comment, files, createdAt }) => ({
      part: 'releases' as const,
      document: { version, branch, tag, comment, files, createdAt },
    })),
    ...(lastVersion
      ? [{ part: 'lastVersion' as const, document: { major: lastVersion.major, minor: lastVersion.minor } }]
      : []),
  ]
}

export async function exportedViews(repo: ViewsRepo, projectId: string): Promise<ControlDocument[]> {
  const views = await repo.ofProject(projectId)
  return views.map(({ id: _id, updatedAt: _at, ...document }) => ({ part: 'views' as const, document }))
}
