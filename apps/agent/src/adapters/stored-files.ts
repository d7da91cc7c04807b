import { join } from 'node:path'
import { isId, systemClock } from '@m3m/base'
import { createProjectStorage, type ProjectStorage } from '@m3m/data'
import type { StoredFiles } from '@m3m/core'
import type { AgentConfig } from '../config/read-config.ts'

/** The storages below `storage.path`, with what the panel's routes need beyond core's port. */
export interface AgentFiles extends StoredFiles {
  of(projectId: string): ProjectStorage
}

/** Each project's storage is opened once: what it counts of the quota is counted by one. */
export function createStoredFiles(
  { storage }: Pick<AgentConfig, 'storage'>,
  quotaOf: (projectId: string) => Promise<number | null>,
): AgentFiles {
  const { path, uploadBytes } = storage
  const open = new Map<string, ProjectStorage>()
  return {
    uploadBytes,
    of(projectId) {
      // A path is made of it: anything but an id would be a bug that opens another folder.
      if (!isId(projectId)) throw new Error('a project id is 24 hex digits')
      const known = open.get(projectId)
      if (known) return known
      const opened = createProjectStorage({
        folder: join(path, projectId),
        clock: systemClock,
        quotaBytes: () => quotaOf(projectId),
      })
      open.set(projectId, opened)
      return opened
    },
  }
}
