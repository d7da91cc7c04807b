import type { DataEngine } from '@m3m/data'
import type { ProjectTypesInput } from './project-types.ts'

/** Writes the declarations the editor completes by; the shape of core's port. */
export interface ServiceTypes {
  /** One `.d.ts` of the modules in both spellings and of what the project has. */
  types(projectId: string): Promise<string>
}

export interface ServiceTypesOptions {
  data: Pick<DataEngine, 'project' | 'goals'>
  /** Declarations of the plugins that a project has enabled. Absent: there are no plugins. */
  pluginsOf?(projectId: string): Promise<NonNullable<ProjectTypesInput['extra']>>
}

/** Joins the rooms' declarations with the project's models, variables, goals and plugins. */
export function createServiceTypes({ data, pluginsOf }: ServiceTypesOptions): ServiceTypes {
  return {
    async types(projectId) {
      // Only now: the list of rooms brings the host halves along, and the agent needs none of them to start.
      const { createProjectTypes } = await import('./project-types.ts')
      const project = data.project(projectId, { kind: 'service', source: 'types' })
      const [models, { variables }, goals, extra] = await Promise.all([
        project.models.list(),
        project.environment.list(),
        data.goals.usable({ id: projectId, slug: '' }),
        pluginsOf?.(projectId) ?? [],
      ])
      return createProjectTypes({ models, variables, goals: goals.map(({ slug }) => slug), extra })
    },
  }
}
