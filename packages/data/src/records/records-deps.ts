import type { DataView } from '../data-engine.ts'
import { findModel, type ModelSet } from '../models/compiled-model.ts'
import type { ModelCache } from '../models/model-cache.ts'
import { modelErrors } from '../models/models.errors.ts'
import type { ChangeDeps } from './record-changes.ts'
import type { ModelScope } from './record-reader.ts'

/** What the reads and writes of one project stand on. */
export interface RecordsDeps extends ChangeDeps {
  cache: ModelCache
  view: DataView
  maxTimeMs: number
}

/** @throws MODEL_NOT_FOUND */
export async function openScope({ cache, projectId, view }: RecordsDeps, model: string): Promise<ModelScope> {
  const models = await cache.get(projectId)
  const readable = only(models, view.models)
  const compiled = findModel(readable, model)
  if (!compiled) throw modelErrors.MODEL_NOT_FOUND({ model: String(model).slice(0, 100) })
  return { compiled, models, readable }
}

function only(models: ModelSet, allowed: DataView['models']): ModelSet {
  if (!allowed) return models
  const chosen = [...models.byId.values()].filter(
    ({ model }) => allowed.includes(model.id) || allowed.includes(model.slug),
  )
  return {
    byId: new Map(chosen.map((one) => [one.model.id, one])),
    bySlug: new Map(chosen.map((one) => [one.model.slug, one])),
  }
}
