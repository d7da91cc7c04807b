import type { DataEngine } from '@m3m/data'

/** Writes the declarations the editor completes by; the shape of core's port. */
export interface ServiceTypes {
  /** One `.d.ts` of the modules in both spellings and of what the project has. */
  types(projectId: string): Promise<string>
}

/** Joins the rooms' declarations with the project's models and variables. */
export function createServiceTypes({ data }: { data: Pick<DataEngine, 'project'> }): ServiceTypes {
  return {
    async types(projectId) {
      // Only now: the list of rooms brings the host halves along, and the agent needs none of them to start.
      const { createProjectTypes } = await import('./project-types.ts')
      const project = data.project(projectId, { kind: 'service', source: 'types' })
      const [models, { variables }] = await Promise.all([project.models.list(), project.environment.list()])
      return createProjectTypes({ models, variables })
    },
  }
}
