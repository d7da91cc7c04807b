import { type Collection, ObjectId } from 'mongodb'
import type { Collections } from '../collections.ts'
import type { Model } from './models.schema.ts'

type ModelDocument = Omit<Model, 'id' | 'createdAt' | 'updatedAt'> & {
  _id: ObjectId
  createdAt: Date
  updatedAt: Date
}

export interface ModelsRepo {
  list(projectId: string): Promise<Model[]>
  get(projectId: string, modelId: string): Promise<Model | null>
  /** Of every project. */
  all(): Promise<Model[]>
  /** @throws the server's duplicate-key error when the slug is taken. */
  insert(model: Model): Promise<void>
  /** Replaces the model when it still has the version before; `false` when it has not. */
  replace(model: Model): Promise<boolean>
  remove(projectId: string, modelId: string): Promise<void>
  removeProject(projectId: string): Promise<void>
  /** Grows with each change of any model of the project; 0 when there was none. */
  revision(projectId: string): Promise<number>
  bumpRevision(projectId: string): Promise<void>
  /** Of every project that has models. */
  bumpRevisions(): Promise<void>
  ensureIndexes(): Promise<void>
}

export function createModelsRepo(collections: Collections): ModelsRepo {
  const models: Collection<ModelDocument> = collections.of('models')
  const states: Collection<{ _id: string; revision: number }> = collections.of('modelStates')
  return {
    async list(projectId) {
      const found = await models.find({ projectId }).sort({ name: 1, _id: 1 }).toArray()
      return found.map(toModel)
    },
    async get(projectId, modelId) {
      const found = await models.findOne({ _id: new ObjectId(modelId), projectId })
      return found && toModel(found)
    },
    all: async () => (await models.find({}).toArray()).map(toModel),
    async insert(model) {
      await models.insertOne(toDocument(model))
    },
    async replace(model) {
      const { _id, ...rest } = toDocument(model)
      const filter = { _id, projectId: model.projectId, version: model.version - 1 }
      return (await models.replaceOne(filter, rest)).matchedCount === 1
    },
    async remove(projectId, modelId) {
      await models.deleteOne({ _id: new ObjectId(modelId), projectId })
    },
    async removeProject(projectId) {
      await models.deleteMany({ projectId })
      await states.deleteOne({ _id: projectId })
    },
    revision: async (projectId) => (await states.findOne({ _id: projectId }))?.revision ?? 0,
    async bumpRevision(projectId) {
      await states.updateOne({ _id: projectId }, { $inc: { revision: 1 } }, { upsert: true })
    },
    async bumpRevisions() {
      const projectIds = await models.distinct('projectId')
      if (projectIds.length === 0) return
      const writes = projectIds.map((_id) => ({
        updateOne: { filter: { _id }, update: { $inc: { revision: 1 } }, upsert: true },
      }))
      await states.bulkWrite(writes, { ordered: false })
    },
    async ensureIndexes() {
      await models.createIndex({ projectId: 1, slug: 1 }, { unique: true })
    },
  }
}

function toDocument({ id, createdAt, updatedAt, ...rest }: Model): ModelDocument {
  return { _id: new ObjectId(id), ...rest, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) }
}

function toModel({ _id, createdAt, updatedAt, ...rest }: ModelDocument): Model {
  return {
    id: _id.toHexString(),
    ...rest,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}
