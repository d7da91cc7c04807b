import { type Collection, type Db, ObjectId } from 'mongodb'
import type { TableView } from './views.schema.ts'

type ViewDocument = Omit<TableView, 'id' | 'updatedAt'> & {
  _id: ObjectId
  projectId: string
  modelId: string
  updatedAt: Date
}

type Owner = Pick<ViewDocument, 'projectId' | 'modelId'>

export interface ViewsRepo {
  /** By name. */
  list(owner: Owner): Promise<TableView[]>
  /** @throws the server's duplicate-key error when the name is taken */
  insert(owner: Owner, view: TableView): Promise<void>
  /** `false` when there is no such view. @throws as insert */
  replace(owner: Owner, view: TableView): Promise<boolean>
  /** No other view of the model is the default one. */
  clearDefault(owner: Owner, except: string): Promise<void>
  remove(owner: Owner, id: string): Promise<boolean>
  ofProject(projectId: string): Promise<(TableView & { modelId: string })[]>
  removeModel(owner: Owner): Promise<void>
  removeProject(projectId: string): Promise<void>
  ensureIndexes(): Promise<void>
}

export function createViewsRepo(db: Db): ViewsRepo {
  const views: Collection<ViewDocument> = db.collection('tableViews')
  return {
    list: async (owner) => (await views.find(owner).sort({ name: 1 }).toArray()).map(toView),
    async insert(owner, view) {
      await views.insertOne({ _id: new ObjectId(view.id), ...owner, ...content(view) })
    },
    replace: async (owner, view) =>
      (await views.replaceOne({ _id: new ObjectId(view.id), ...owner }, { ...owner, ...content(view) }))
        .matchedCount === 1,
    async clearDefault(owner, except) {
      await views.updateMany(
        { ...owner, isDefault: true, _id: { $ne: new ObjectId(except) } },
        { $set: { isDefault: false } },
      )
    },
    remove: async (owner, id) =>
      (await views.deleteOne({ _id: new ObjectId(id), ...owner })).deletedCount === 1,
    ofProject: async (projectId) =>
      (await views.find({ projectId }).toArray()).map((view) => ({ modelId: view.modelId, ...toView(view) })),
    async removeModel(owner) {
      await views.deleteMany(owner)
    },
    async removeProject(projectId) {
      await views.deleteMany({ projectId })
    },
    async ensureIndexes() {
      await views.createIndex({ projectId: 1, modelId: 1, name: 1 }, { unique: true })
    },
  }
}

function content({ id: _id, updatedAt, ...rest }: TableView) {
  return { ...rest, updatedAt: new Date(updatedAt) }
}

function toView({ _id, projectId: _project, modelId: _model, updatedAt, ...rest }: ViewDocument): TableView {
  return { id: _id.toHexString(), ...rest, updatedAt: updatedAt.toISOString() }
}
