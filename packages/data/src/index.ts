export type { Actor } from './actor.ts'
export type { DataEngine, DataEngineDeps, DataView } from './data-engine.ts'
export type { EnvironmentValues } from './environment/environment.service.ts'
export { createSecretBox, keyIdOf } from './environment/secret-box.ts'
export type { SecretBox } from './environment/secret-box.port.ts'
export type { ConsumeOptions, RecordEvent, RecordEvents } from './events/record-events.ts'
export type {
  CallOptions,
  FindOptions,
  ProjectData,
  ProjectEnvironment,
  ProjectModels,
  ProjectRecords,
} from './project-data.ts'
export type { FileStore } from './records/file-store.port.ts'
export { environmentErrors } from './environment/environment.errors.ts'
export { createDataEngine } from './engine.ts'
export { modelErrors } from './models/models.errors.ts'
export { queryErrors } from './query/query.errors.ts'
export { recordErrors } from './records/records.errors.ts'
export { goalErrors } from './goals/goals.errors.ts'
export type { GoalProject, GoalsService } from './goals/goals.service.ts'
export { queueErrors } from './queue/queue.errors.ts'
export type { LeasedJob, RetryPolicy } from './queue/queue-leases.ts'
export type { PushOptions, QueueService } from './queue/queue.service.ts'
export type { QueueHandler, WorkOptions } from './queue/queue-worker.ts'
export { createFileStore } from './storage/file-store.ts'
export { compileGlob } from './storage/glob.ts'
export { mimeTypeOf, SNIFF_BYTES } from './storage/mime-type.ts'
export { createProjectStorage } from './storage/project-storage.ts'
export type { ProjectStorage, ProjectStorageDeps } from './storage/project-storage.ts'
export type { StorageEntry } from './storage/storage-tree.ts'
export { linkKeyOf, readFileLink, signedFileAddress } from './storage/signed-links.ts'
export { storageErrors } from './storage/storage.errors.ts'
export { storagePath } from './storage/storage-path.ts'
export { fieldValueOf } from './portable/cell-value.ts'
export { portableErrors } from './portable/portable.errors.ts'
export type { ImportRecords } from './portable/import-records.ts'
