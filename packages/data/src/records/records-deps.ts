import type { DataView } from '../data-engine.ts'
import { findModel } from '../models/compiled-model.ts'
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
export async function openScope({ cache, projectId }: RecordsDeps, model: string): Promise<ModelScope> {
  const models = await cache.get(projectId)
  const compiled = findModel(models, model)
  if (!compiled) throw modelErrors.MODEL_NOT_FOUND({ model: String(model).slice(0, 100) })
  return { compiled, models }
}
