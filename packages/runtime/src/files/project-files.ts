import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Clock } from '@m3m/base'
import { createProjectStorage, storageErrors, storagePath, type ProjectStorage } from '@m3m/data/storage'

export interface ProjectFilesOptions {
  /** `{storage.path}/{projectId}/storage`; it may not exist yet. */
  storagePath: string
  clock: Clock
  /** The runtime's settings; `storageQuotaBytes` is read. */
  settings: Readonly<Record<string, unknown>>
}

/**
 * The files of one project as rooms reach them: by the rules of `packages/data`, in the spelling of services, with
 * absolute paths for helper processes.
 */
export interface ProjectFiles {
  readonly storage: ProjectStorage
  /** A path as services write it (`/a/./b`, `a/../b`) in the storage's one spelling. @throws STORAGE_PATH */
  path(value: unknown): string
  /** Absolute path of a file that exists, for a helper process. @throws STORAGE_PATH, STORAGE_NOT_FOUND, STORAGE_KIND, STORAGE_TOO_LARGE */
  locate(path: unknown, maxBytes?: number): Promise<string>
  /**
   * Lets a helper process make something at a place of its own, outside of the storage but on its disk.
   * It is removed afterwards, whatever happens.
   */
  scratch<T>(work: (temporary: string) => Promise<T>): Promise<T>
  /** Lets a helper process make a file, which then gets into the storage whole. @throws STORAGE_* */
  put<T>(path: unknown, make: (temporary: string) => Promise<T>): Promise<T>
}

/** Opens a project's files. Touches nothing before it is asked to. */
export function createProjectFiles({
  storagePath: root,
  clock,
  settings,
}: ProjectFilesOptions): ProjectFiles {
  const folder = dirname(root)
  const quota = settings['storageQuotaBytes']
  const quotaBytes = typeof quota === 'number' && quota > 0 ? quota : undefined
  const storage = createProjectStorage({ folder, clock, quotaBytes })

  const scratch: ProjectFiles['scratch'] = async (work) => {
    const home = join(folder, 'incoming')
    await mkdir(home, { recursive: true, mode: 0o700 })
    const temporary = join(home, randomUUID())
    try {
      return await work(temporary)
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
  }
  return {
    storage,
    path: pathOf,
    async locate(value, maxBytes) {
      const path = pathOf(value)
      const entry = await storage.stat(path)
      if (!entry) throw storageErrors.STORAGE_NOT_FOUND({ path })
      if (entry.kind !== 'file') throw storageErrors.STORAGE_KIND({ path, wanted: 'file' })
      if (maxBytes !== undefined && entry.sizeBytes > maxBytes) {
        throw storageErrors.STORAGE_TOO_LARGE({ path, limit: maxBytes })
      }
      return storage.locate(path)
    },
    scratch,
    put: (value, make) =>
      scratch(async (temporary) => {
        const path = pathOf(value)
        const result = await make(temporary)
        await stat(temporary)
        await storage.write(path, createReadStream(temporary))
        return result
      }),
  }
}

/** Scripts of the original begin paths with a slash and go up by `..` inside of the storage. */
function pathOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string' || value.length > 4_096) return storagePath(value)
  const names: string[] = []
  for (const name of value.split('/')) {
    if (name === '' || name === '.') continue
    // One `..` too many stays, so that the storage's own rule refuses it.
    if (name === '..' && names.length > 0 && names.at(-1) !== '..') names.pop()
    else names.push(name)
  }
  return storagePath(names.join('/'))
}
