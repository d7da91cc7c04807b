import { type Clock, newId } from '@m3m/base'
import { type Collection, type Document, MongoServerError } from 'mongodb'
import type { Collections } from '../collections.ts'
import type { KeyedLock } from '../keyed-lock.ts'
import { isDuplicateKey } from '../mongo-errors.ts'
import type { ProjectModels } from '../project-data.ts'
import { checkModel } from './check-model.ts'
import type { Conversions } from './conversions.ts'
import type { ModelCache } from './model-cache.ts'
import { identify } from './model-diff.ts'
import { syncIndexes } from './model-indexes.ts'
import { modelErrors } from './models.errors.ts'
import type { ModelsRepo } from './models.repo.ts'
import type { Model, ModelInput } from './models.schema.ts'
import { createModelUpdate } from './update-model.ts'

/** Models a project may have. */
export const MAX_MODELS = 200

export interface ModelsDeps {
  repo: ModelsRepo
  cache: ModelCache
  collections: Collections
  conversions: Conversions
  lock: KeyedLock
  clock: Clock
  projectId: string
  maxTimeMs: number
  /** Called after each change. */
  changed: () => void
}

export function createModels(deps: ModelsDeps): ProjectModels {
  const { repo, collections, clock, projectId } = deps

  async function get(ref: string): Promise<Model> {
    // Not from the cache: who edits a model must see it as it is.
    const all = await repo.list(projectId)
    const found = all.find((model) => model.slug === ref) ?? all.find((model) => model.id === ref)
    if (!found) throw modelErrors.MODEL_NOT_FOUND({ model: String(ref).slice(0, 100) })
    return found
  }

  async function saved(): Promise<void> {
    await repo.bumpRevision(projectId)
    deps.cache.invalidate(projectId)
    deps.changed()
  }

  return {
    list: () => repo.list(projectId),
    get,
    async create(input) {
      const others = await repo.list(projectId)
      if (others.length >= MAX_MODELS) throw modelErrors.MODEL_LIMIT({ limit: MAX_MODELS })
      const checked = checkModel(input, new Set(others.map((model) => model.slug)))
      const model = newModel(checked, projectId, clock.now())
      try {
        await repo.insert(model)
      } catch (error) {
        throw isDuplicateKey(error)
          ? modelErrors.MODEL_SLUG_TAKEN({ slug: model.slug }, { cause: error })
          : error
      }
      await syncIndexes(collections, model)
      await saved()
      return model
    },
    update: createModelUpdate({ ...deps, get, saved }),
    async remove(ref) {
      const model = await get(ref)
      const users = (await repo.list(projectId)).filter((other) => other.id !== model.id)
      const by = users.flatMap((other) => refsTo(model.slug, other))
      if (by.length > 0) throw modelErrors.MODEL_IN_USE({ model: model.slug, by })
      await deps.conversions.forget(model.id)
      await repo.remove(projectId, model.id)
      await saved()
      await collections.dropModel(model.id)
    },
    progress: () => deps.conversions.progress(projectId),
    async counts() {
      const all = await repo.list(projectId)
      const counted = all.map(
        async ({ id }) => [id, await collections.records(id).estimatedDocumentCount()] as const,
      )
      return Object.fromEntries(await Promise.all(counted))
    },
    async sizes() {
      const all = await repo.list(projectId)
      const measured = all.map(async ({ id }) => [id, await sizeOf(collections.records(id))] as const)
      return Object.fromEntries(await Promise.all(measured))
    },
  }
}

/** As `$collStats` says, uncompressed and without indexes. 0 before the first record was written. */
async function sizeOf(records: Collection<Document>): Promise<number> {
  try {
    const [stats] = await records.aggregate([{ $collStats: { storageStats: {} } }]).toArray()
    return Number(stats?.['storageStats']?.size ?? 0)
  } catch (error) {
    if (error instanceof MongoServerError && error.code === NAMESPACE_NOT_FOUND) return 0
    throw error
  }
}

const NAMESPACE_NOT_FOUND = 26

export function newModel(input: ModelInput, projectId: string, nowMs: number): Model {
  const at = new Date(nowMs).toISOString()
  return {
    id: newId(nowMs),
    projectId,
    name: input.name,
    slug: input.slug,
    fields: identify(input.fields, []),
    indexes: input.indexes ?? [],
    table: input.table ?? {},
    form: input.form ?? {},
    revisions: input.revisions ?? false,
    trash: input.trash ?? null,
    version: 1,
    createdAt: at,
    updatedAt: at,
  }
}

function refsTo(slug: string, other: Model): string[] {
  return other.fields.filter((field) => field.refModel === slug).map((field) => `${other.slug}.${field.key}`)
}
