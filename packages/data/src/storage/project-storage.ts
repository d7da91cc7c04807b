import type { ReadStream } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '@m3m/base'
import { createStorageReads } from './storage-reads.ts'
import { createStorageTree, type StorageEntry } from './storage-tree.ts'
import { createStorageWrites } from './storage-writes.ts'
import { createStorageFind, type StorageFind } from './storage-find.ts'
import { createUploadParts, type UploadParts } from './upload-parts.ts'
import { createUsage } from './usage.ts'
import type { Content, WriteLimits } from './write-file.ts'

/**
 * The files of one project. Every path is confined (storage-path.ts, confine.ts); a write is whole or not at
 * all; what is no plain file or folder does not exist here.
 *
 * All throw STORAGE_PATH; reads STORAGE_NOT_FOUND and STORAGE_KIND; writes STORAGE_QUOTA and STORAGE_DISK_FULL.
 */
export interface ProjectStorage extends StorageFind {
  /** For host code that must open the file itself (images, archives): the absolute path, checked now. */
  locate(path: string): Promise<string>
  /** `null` when there is nothing. */
  stat(path: string): Promise<StorageEntry | null>
  /** From content, then name. */
  mimeType(path: string): Promise<string>
  /** Folders first, then by name. */
  list(path: string): Promise<StorageEntry[]>
  /** All below, depth first, at most `limit` (default 10,000). */
  walk(path: string, limit?: number): Promise<StorageEntry[]>
  /** @throws STORAGE_TOO_LARGE beyond `maxBytes` (default 50 MB) */
  read(path: string, maxBytes?: number): Promise<Uint8Array>
  /** `start` and `end` (included) as in an HTTP range. */
  stream(path: string, range?: { start?: number; end?: number }): Promise<ReadStream>
  /** Makes missing folders. How many bytes were written. @throws STORAGE_TOO_LARGE, STORAGE_EXISTS */
  write(path: string, content: Content, limits?: Omit<WriteLimits, 'grow'>): Promise<number>
  /** Makes the file when there is none. */
  append(path: string, content: string | Uint8Array): Promise<void>
  /** Parents too; an existing folder is fine. */
  mkdir(path: string): Promise<void>
  /** With all below. Nothing there is fine. @throws STORAGE_PATH for the root */
  remove(path: string): Promise<void>
  /** @throws STORAGE_EXISTS unless `overwrite` */
  copy(from: string, to: string, options?: { overwrite?: boolean }): Promise<void>
  /** Also renames. @throws STORAGE_EXISTS unless `overwrite` */
  move(from: string, to: string, options?: { overwrite?: boolean }): Promise<void>
  /** Counted anew every 5 s. */
  usedBytes(): Promise<number>
  /** For uploads that may be cut and go on. */
  readonly uploads: UploadParts
}

export interface ProjectStorageDeps {
  /** `{storage.path}/{projectId}`; files are in `storage` below it. */
  folder: string
  clock: Clock
  /** No limit when absent; a function is asked at each write and answers `null` for no limit. */
  quotaBytes?: number | (() => Promise<number | null>) | undefined
}

export function createProjectStorage({ folder, clock, quotaBytes }: ProjectStorageDeps): ProjectStorage {
  const tree = createStorageTree(join(folder, 'storage'))
  const usage = createUsage(tree.root, clock)
  return {
    locate: async (path) => (await tree.at(path)).absolute,
    stat: async (path) => (await tree.look(path)).entry,
    list: tree.list,
    usedBytes: () => usage.bytes(),
    uploads: createUploadParts({ tree, usage, clock, folder: join(folder, 'parts'), quotaBytes }),
    ...createStorageFind(tree),
    ...createStorageReads(tree),
    ...createStorageWrites({ tree, usage, clock, scratch: join(folder, 'incoming'), quotaBytes }),
  }
}
