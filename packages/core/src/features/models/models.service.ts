import type { DataEngine } from '@m3m/data'
import type { Model, ModelUpdate } from '@m3m/data/schema'
import type { z } from 'zod'
import { dataActor } from '../access/actor.schema.ts'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { createModelInput, updateModelInput } from './models.schema.ts'

/** Models of a project; the rules are in @m3m/data, which services use too. */
export interface ModelsService {
  list(actor: SignedIn, projectId: string): Promise<Model[]>
  /** Records of each model, by model id; estimated from the collection's size. */
  counts(actor: SignedIn, projectId: string): Promise<Record<string, number>>
  sizes(actor: SignedIn, projectId: string): Promise<Record<string, number>>
  /** How far conversions of changed models are, by model id; a model without one is not in it. */
  progress(actor: SignedIn, projectId: string): Promise<Record<string, { done: number; total: number }>>
  get(actor: SignedIn, projectId: string, model: string): Promise<Model>
  create(actor: SignedIn, input: z.output<typeof createModelInput>): Promise<Model>
  update(actor: SignedIn, input: z.output<typeof updateModelInput>): Promise<ModelUpdate>
  remove(actor: SignedIn, projectId: string, model: string): Promise<void>
}

interface ModelsDeps {
  data: DataEngine
  audit: AuditService
  /** What the panel keeps of a model goes with it. */
  removed: (model: { projectId: string; modelId: string }) => Promise<void>
}

export function createModels(deps: ModelsDeps): ModelsService {
  const { data, audit } = deps
  const of = (actor: SignedIn, projectId: string) => data.project(projectId, dataActor(actor)).models
  return {
    list: (actor, projectId) => of(actor, projectId).list(),
    counts: (actor, projectId) => of(actor, projectId).counts(),
    sizes: (actor, projectId) => of(actor, projectId).sizes(),
    progress: (actor, projectId) => of(actor, projectId).progress(),
    get: (actor, projectId, model) => of(actor, projectId).get(model),
    async create(actor, { projectId, ...input }) {
      const model = await of(actor, projectId).create(input)
      await audit.add(actor, {
        action: 'models.create',
        projectId,
        target: model.slug,
        after: shapeOf(model),
      })
      return model
    },
    async update(actor, { projectId, model: ref, dryRun, force, ...changes }) {
      const models = of(actor, projectId)
      const before = shapeOf(await models.get(ref))
      const update = await models.update(ref, changes, { dryRun, force })
      const { slug } = update.model
      if (update.applied) {
        const after = shapeOf(update.model)
        await audit.add(actor, { action: 'models.update', projectId, target: slug, before, after })
      }
      return update
    },
    async remove(actor, projectId, ref) {
      const models = of(actor, projectId)
      const model = await models.get(ref)
      await models.remove(model.id)
      await deps.removed({ projectId, modelId: model.id })
      await audit.add(actor, {
        action: 'models.remove',
        projectId,
        target: model.slug,
        before: shapeOf(model),
      })
    },
  }
}

/** What the audit keeps of a model. */
function shapeOf({ name, slug, fields }: Model): Record<string, unknown> {
  return { name, slug, fields: fields.map(({ key, type }) => ({ key, type })) }
}
