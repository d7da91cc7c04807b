import { newId } from '@m3m/base'
import { isDuplicateKey } from '../../duplicate-key.ts'
import type { Actor } from '../access/actor.schema.ts'
import type { ProjectNewsDesk } from './project-news.ts'
import { settingsOf } from './project-settings.ts'
import { projectErrors } from './projects.errors.ts'
import type { ProjectDoc } from './projects.repo.ts'
import { LIMIT_NAMES } from './projects.schema.ts'
import type { ProjectColor, ProjectLimitsView, ProjectSettings } from './projects.schema.ts'
import type { ProjectsDeps } from './projects.service.ts'

/** A project on its way in. */
export interface Arrival {
  name: string
  slug: string
  color: ProjectColor | null
  settings: ProjectSettings
  /** Whether the settings may open the network to the service, which only root does. */
  mayReach: boolean
}

/** Projects that come whole from an export: nobody sees one before it is. */
export interface Arrivals {
  /** Takes the slug; everything else of the project may then be written. Gives its id. @throws PROJECT_SLUG_TAKEN */
  arrive(actor: Actor, arrival: Arrival): Promise<string>
  /** From now on it is there, and its importer its owner. @throws Error when it was removed meanwhile */
  arrived(actor: Actor, projectId: string): Promise<void>
}

export function createArrivals(
  { repo, access, limits, clock }: ProjectsDeps,
  news: Pick<ProjectNewsDesk, 'tell'>,
): Arrivals {
  return {
    async arrive(actor, { name, slug, color, settings, mayReach }) {
      const now = clock.now()
      const doc: ProjectDoc = {
        _id: newId(now),
        name,
        slug,
        color,
        settings: fitting(settings, limits(), mayReach),
        createdAt: new Date(now),
        createdBy: actor.userId,
        removing: true,
      }
      await repo.add(doc).catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error
        const field = projectErrors.PROJECT_SLUG_TAKEN({ slug }).toField()
        throw projectErrors.PROJECT_SLUG_TAKEN({ slug }, { cause: error, fields: { slug: field } })
      })
      return doc._id
    },
    async arrived(actor, projectId) {
      if (actor.userId !== null) await access.setRole(projectId, actor.userId, 'owner')
      if (!(await repo.markArrived(projectId)))
        throw new Error('the project was removed while it was imported')
      news.tell(projectId, 'project')
    },
  }
}

/** An archive gives nobody more than they could set by hand. */
function fitting(
  settings: ProjectSettings,
  { bounds }: ProjectLimitsView,
  mayReach: boolean,
): ProjectSettings {
  const limits = { ...settings.limits }
  for (const name of LIMIT_NAMES) {
    const value = limits[name]
    if (value !== undefined) limits[name] = Math.min(Math.max(value, bounds[name].min), bounds[name].max)
  }
  return settingsOf({ ...settings, limits, ...(!mayReach && { outbound: { allow: [], hosts: [] } }) })
}
