/** The rules of a project's files alone: without the records engine and the driver that comes with it. */
export { compileGlob } from './storage/glob.ts'
export { mimeTypeOf } from './storage/mime-type.ts'
export { createProjectStorage } from './storage/project-storage.ts'
export type { ProjectStorage } from './storage/project-storage.ts'
export { signedFileAddress } from './storage/signed-links.ts'
export { storagePath } from './storage/storage-path.ts'
export { storageErrors } from './storage/storage.errors.ts'
