import type { Collection, Db, Document } from 'mongodb'

/** Names of the project-data database, in one place. Records have one collection for each model, by its id. */
export interface Collections {
  of<T extends Document>(name: SharedCollection): Collection<T>
  records(modelId: string): Collection<Document>
  trash(modelId: string): Collection<Document>
  /** Drops what belongs to one model. */
  dropModel(modelId: string): Promise<void>
}

export type SharedCollection =
  | 'models'
  | 'modelStates'
  | 'modelJobs'
  | 'environments'
  | 'recordEvents'
  | 'eventConsumers'
  | 'revisions'
  | 'goals'
  | 'goalStats'
  | 'queueJobs'
  | 'storageLocks'

export function createCollections(db: Db): Collections {
  const recordsName = (modelId: string) => `records_${modelId}`
  const trashName = (modelId: string) => `trash_${modelId}`
  return {
    of: (name) => db.collection(name),
    records: (modelId) => db.collection(recordsName(modelId)),
    trash: (modelId) => db.collection(trashName(modelId)),
    async dropModel(modelId) {
      await db.dropCollection(recordsName(modelId)).catch(missingIsFine)
      await db.dropCollection(trashName(modelId)).catch(missingIsFine)
    },
  }
}

/** NamespaceNotFound: servers before 7.0 answer so when the collection was never written to. */
function missingIsFine(error: { code?: unknown }): void {
  if (error.code !== 26) throw error
}
