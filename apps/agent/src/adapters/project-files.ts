import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isId } from '@m3m/base'
import type { ProjectFiles } from '@m3m/core'

/** Projects' folders under `storage.path`. */
export function createProjectFiles(storagePath: string): ProjectFiles {
  return {
    async removeProject(projectId) {
      // A path is made of it: anything but an id would be a bug that deletes the wrong folder.
      if (!isId(projectId)) throw new Error('a project id is 24 hex digits; nothing was removed')
      await rm(join(storagePath, projectId), { recursive: true, force: true })
    },
  }
}
