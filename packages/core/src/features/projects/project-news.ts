import type { AccessService } from '../access/access.service.ts'
import type { SignedIn } from '../access/actor.schema.ts'
import { createHub } from '../../hub.ts'
import type { ProjectNews } from './projects.schema.ts'

type Topic = Exclude<ProjectNews['what'], 'gone'>

/** What others did to projects, for windows that are open already. */
export interface ProjectNewsDesk {
  tell(projectId: string, topic: Topic): void
  /** Of the projects that the one who asks may see, from now on; `gone` once for each that is seen no more. */
  watch(actor: SignedIn, until: AbortSignal): AsyncIterable<ProjectNews>
  close(): void
}

/** @param visible the ids of the projects that the operator may see */
export function createProjectNews(
  access: Pick<AccessService, 'roleIn'>,
  visible: (actor: SignedIn) => Promise<string[]>,
): ProjectNewsDesk {
  const hub = createHub<{ projectId: string; topic: Topic }>(
    ({ projectId, topic }) => `${topic} ${projectId}`,
  )
  return {
    tell: (projectId, topic) => hub.publish({ projectId, topic }),
    async *watch(actor, until) {
      const seen = new Set<string>()
      const first = async () => {
        for (const id of await visible(actor)) seen.add(id)
        return []
      }
      for await (const { projectId, topic } of hub.watch(until, first)) {
        if (await access.roleIn(actor.user, projectId)) {
          seen.add(projectId)
          yield { projectId, what: topic }
        } else if (seen.delete(projectId)) yield { projectId, what: 'gone' }
      }
    },
    close: hub.close,
  }
}
