import { createContext, use } from 'react'
import type { Outputs } from '../trpc/trpc.ts'

export type Project = Outputs['projects']['get']
export type ProjectRight = 'records:write' | 'files:write' | 'code:write' | 'run' | 'settings' | 'delete'

/** The server decides; this only hides what it would refuse (access.schema.ts, RIGHTS_OF_ROLE; a test compares). */
export const RIGHTS: Readonly<Record<Project['role'], readonly ProjectRight[]>> = {
  viewer: [],
  editor: ['records:write', 'files:write'],
  developer: ['records:write', 'files:write', 'code:write', 'run'],
  owner: ['records:write', 'files:write', 'code:write', 'run', 'settings', 'delete'],
}

export const ProjectContext = createContext<Project | null>(null)

/** The project of this page. */
export function useProject(): Project {
  const project = use(ProjectContext)
  if (!project) throw new Error('useProject outside of a project page')
  return project
}

/** Whether the operator may do that in this project. */
export function useMay(right: ProjectRight): boolean {
  return RIGHTS[useProject().role].includes(right)
}
