import { join } from 'node:path'
import type { Clock } from '@m3m/base'
import type { FileStore } from '../records/file-store.port.ts'
import { createProjectStorage } from './project-storage.ts'

/** Lets file fields see the storages below `storagePath` (`{storagePath}/{projectId}/storage`). */
export function createFileStore(storagePath: string, clock: Clock): FileStore {
  const open = (projectId: string) => createProjectStorage({ folder: join(storagePath, projectId), clock })
  return {
    async stat(projectId, path) {
      const storage = open(projectId)
      const entry = await storage.stat(path)
      if (entry?.kind !== 'file') return null
      return { sizeBytes: entry.sizeBytes, mimeType: await storage.mimeType(path) }
    },
    remove: (projectId, path) => open(projectId).remove(path),
  }
}
