import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { mimeTypeOf, SNIFF_BYTES } from './mime-type.ts'
import type { ProjectStorage } from './project-storage.ts'
import { storageErrors } from './storage.errors.ts'
import type { StorageEntry, StorageTree } from './storage-tree.ts'

type Reads = Pick<ProjectStorage, 'mimeType' | 'walk' | 'read' | 'stream'>

const MAX_READ_BYTES = 50 * 1024 * 1024
const MAX_WALK = 10_000

export function createStorageReads({ existing, list }: StorageTree): Reads {
  return {
    async mimeType(path) {
      const target = await existing(path, 'file')
      const file = await open(target.absolute, 'r')
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0)
        return mimeTypeOf(target.entry.name, buffer.subarray(0, bytesRead))
      } finally {
        await file.close()
      }
    },
    async walk(path, limit = MAX_WALK) {
      const found: StorageEntry[] = []
      const visit = async (folderPath: string): Promise<void> => {
        for (const entry of await list(folderPath)) {
          if (found.length >= limit) return
          found.push(entry)
          if (entry.kind === 'folder') await visit(entry.path)
        }
      }
      await visit(path)
      return found
    },
    async read(path, maxBytes = MAX_READ_BYTES) {
      const target = await existing(path, 'file')
      if (target.entry.sizeBytes > maxBytes)
        throw storageErrors.STORAGE_TOO_LARGE({ path: target.path, limit: maxBytes })
      const file = await open(target.absolute, 'r')
      try {
        return await file.readFile()
      } finally {
        await file.close()
      }
    },
    async stream(path, range = {}) {
      return createReadStream((await existing(path, 'file')).absolute, range)
    },
  }
}
