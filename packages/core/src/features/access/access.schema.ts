import { z } from 'zod'
import { idSchema } from '../../ids.schema.ts'

/** Roles in a project, weakest first: each holds all that the one before it holds (product.md, Operators and rights). */
export const PROJECT_ROLES = ['viewer', 'editor', 'developer', 'owner'] as const
export const projectRoleSchema = z.enum(PROJECT_ROLES)
export type ProjectRole = z.infer<typeof projectRoleSchema>

/** What a role may do in its project. */
export const PROJECT_RIGHTS = [
  'view',
  'records:write',
  'files:write',
  'code:write',
  'run',
  'settings',
  'delete',
] as const
export type ProjectRight = (typeof PROJECT_RIGHTS)[number]

/** Rights of one role. The panel hides by this table what the server would refuse by the same one. */
export const RIGHTS_OF_ROLE: Readonly<Record<ProjectRole, readonly ProjectRight[]>> = {
  viewer: ['view'],
  editor: ['view', 'records:write', 'files:write'],
  developer: ['view', 'records:write', 'files:write', 'code:write', 'run'],
  owner: PROJECT_RIGHTS,
}

export const projectGrantSchema = z.object({ projectId: idSchema, role: projectRoleSchema })
export type ProjectGrant = z.infer<typeof projectGrantSchema>

/** What an operator holds beside being root. Absent means no. */
export const rightsSchema = z.object({
  createProjects: z.boolean().optional(),
  manageUsers: z.boolean().optional(),
  projects: z.array(projectGrantSchema).max(1_000).optional(),
})
export type RightsInput = z.infer<typeof rightsSchema>

/** Rights as the server shows them: nothing absent. */
export interface Rights {
  createProjects: boolean
  manageUsers: boolean
  projects: ProjectGrant[]
}
