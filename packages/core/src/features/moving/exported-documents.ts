import type { CodeStore } from '../pipeline/code-store.port.ts'
import type { ViewStore } from '../views/view-store.port.ts'
import type { ControlDocument } from './import-control.ts'

/** Branches, releases and the highest version ever given, without what is of this agent alone. */
export async function exportedCode(repo: CodeStore, projectId: string): Promise<ControlDocument[]> {
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

export async function exportedViews(repo: ViewStore, projectId: string): Promise<ControlDocument[]> {
  const views = await repo.ofProject(projectId)
  return views.map(({ id: _id, updatedAt: _at, ...document }) => ({ part: 'views' as const, document }))
}
