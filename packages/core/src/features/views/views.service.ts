import { type Clock, newId } from '@m3m/base'
import type { DataEngine } from '@m3m/data'
import type { z } from 'zod'
import { isDuplicateKey } from '../../duplicate-key.ts'
import { dataActor, type SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import { viewErrors } from './views.errors.ts'
import type { ViewsRepo } from './views.repo.ts'
import {
  type listViewsInput,
  MAX_VIEWS,
  type removeViewInput,
  type saveViewInput,
  type TableView,
} from './views.schema.ts'

/** Named views of the records table, shared by everyone in the project. */
export interface ViewsService {
  /** By name. @throws MODEL_NOT_FOUND */
  list(actor: SignedIn, input: z.output<typeof listViewsInput>): Promise<TableView[]>
  /** @throws VIEW_NAME_TAKEN, VIEW_NOT_FOUND, VIEW_LIMIT, MODEL_NOT_FOUND */
  save(actor: SignedIn, input: z.output<typeof saveViewInput>): Promise<TableView>
  /** @throws VIEW_NOT_FOUND, MODEL_NOT_FOUND */
  remove(actor: SignedIn, input: z.output<typeof removeViewInput>): Promise<void>
}

export function createViews(deps: {
  repo: ViewsRepo
  data: DataEngine
  audit: AuditService
  clock: Clock
}): ViewsService {
  const { repo, data, audit, clock } = deps

  async function ownerOf(actor: SignedIn, { projectId, model }: { projectId: string; model: string }) {
    const { id } = await data.project(projectId, dataActor(actor)).models.get(model)
    return { projectId, modelId: id }
  }

  return {
    list: async (actor, input) => repo.list(await ownerOf(actor, input)),
    async save(actor, { projectId, model, viewId, ...shape }) {
      const owner = await ownerOf(actor, { projectId, model })
      const view: TableView = {
        id: viewId ?? newId(clock.now()),
        name: shape.name,
        filter: shape.filter ?? null,
        sort: shape.sort ?? null,
        search: shape.search ?? null,
        columns: shape.columns ?? [],
        isDefault: shape.isDefault ?? false,
        updatedAt: new Date(clock.now()).toISOString(),
      }
      await write(owner, view, viewId === undefined)
      if (view.isDefault) await repo.clearDefault(owner, view.id)
      await audit.add(actor, { action: 'views.save', projectId, target: `${model}/${view.name}` })
      return view
    },
    async remove(actor, { projectId, model, viewId }) {
      const owner = await ownerOf(actor, { projectId, model })
      if (!(await repo.remove(owner, viewId))) throw viewErrors.VIEW_NOT_FOUND({ viewId })
      await audit.add(actor, { action: 'views.remove', projectId, target: `${model}/${viewId}` })
    },
  }

  async function write(
    owner: { projectId: string; modelId: string },
    view: TableView,
    isNew: boolean,
  ): Promise<void> {
    if (isNew && (await repo.list(owner)).length >= MAX_VIEWS)
      throw viewErrors.VIEW_LIMIT({ limit: MAX_VIEWS })
    try {
      if (isNew) await repo.insert(owner, view)
      else if (!(await repo.replace(owner, view))) throw viewErrors.VIEW_NOT_FOUND({ viewId: view.id })
    } catch (error) {
      throw isDuplicateKey(error)
        ? viewErrors.VIEW_NAME_TAKEN({ name: view.name }, { cause: error as Error })
        : error
    }
  }
}
