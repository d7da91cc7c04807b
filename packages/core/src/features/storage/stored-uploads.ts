import { storagePath } from '@m3m/data'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { StoredFiles } from './stored-files.port.ts'

interface Upload {
  projectId: string
  path: string
  overwrite: boolean
}

/** An upload that may be cut: chosen by its sender, and never another sender's. */
interface UploadId {
  projectId: string
  path: string
  id: string
  /** Of the whole file. */
  totalBytes: number
}

/** Bytes that operators send. All throw what the storage's writes throw. */
export interface Uploads {
  /** Whole or not at all. How many bytes. @throws STORAGE_TOO_LARGE beyond `uploadBytes` */
  upload(actor: SignedIn, input: Upload, content: AsyncIterable<Uint8Array>): Promise<number>
  /**
   * How much has come of an upload in parts; 0 for an unknown one. @throws what the rest would be refused for: a
   * sender in the middle of a large file does not hear a refusal
   */
  received(actor: SignedIn, upload: UploadId & { overwrite: boolean }): Promise<number>
  /** What follows from `startBytes` on; with the last byte the file is there. */
  receive(
    actor: SignedIn,
    upload: UploadId & { overwrite: boolean; startBytes: number },
    content: AsyncIterable<Uint8Array>,
  ): Promise<{ receivedBytes: number; isWhole: boolean }>
  discard(actor: SignedIn, upload: UploadId): Promise<void>
}

export function createUploads({ files, audit }: { files: StoredFiles; audit: AuditService }): Uploads {
  const keyOf = (actor: SignedIn, { id, totalBytes }: UploadId) => ({
    id: `${actor.userId} ${id}`,
    totalBytes,
  })
  const written = (actor: SignedIn, { projectId, path }: Omit<Upload, 'overwrite'>, sizeBytes: number) =>
    audit.add(actor, { action: 'storage.upload', projectId, target: storagePath(path), after: { sizeBytes } })
  return {
    async upload(actor, { projectId, path, overwrite }, content) {
      const limits = { overwrite, maxBytes: files.uploadBytes }
      const sizeBytes = await files.of(projectId).write(path, content, limits)
      await written(actor, { projectId, path }, sizeBytes)
      return sizeBytes
    },
    received: (actor, upload) => {
      const limits = { overwrite: upload.overwrite, maxBytes: files.uploadBytes }
      return files.of(upload.projectId).uploads.received(upload.path, keyOf(actor, upload), limits)
    },
    async receive(actor, upload, content) {
      const { projectId, path, overwrite, startBytes } = upload
      const limits = { overwrite, startBytes, maxBytes: files.uploadBytes }
      const { uploads } = files.of(projectId)
      const result = await uploads.receive(path, { ...keyOf(actor, upload), ...limits }, content)
      if (result.isWhole) await written(actor, upload, result.receivedBytes)
      return result
    },
    discard: (actor, upload) => files.of(upload.projectId).uploads.discard(upload.path, keyOf(actor, upload)),
  }
}
