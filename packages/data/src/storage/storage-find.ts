import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Confined } from './confine.ts'
import { absentIsNull } from './disk-look.ts'
import type { StorageEntry, StorageTree } from './storage-tree.ts'

/** What lies below a path. */
export interface Measure {
  files: number
  /** Without the path itself. */
  folders: number
  sizeBytes: number
  /** There is more than was counted. */
  isCut: boolean
}

/** Looks at whole trees; both throw STORAGE_PATH, STORAGE_NOT_FOUND. */
export interface StorageFind {
  /** What below has a name that fits, nearest first. At most `limit`; `isCut` says that there may be more. */
  find(
    path: string,
    fits: (name: string) => boolean,
    limit: number,
  ): Promise<{ entries: StorageEntry[]; isCut: boolean }>
  measure(path: string): Promise<Measure>
}

/** Names one look may touch: some tenths of a second of a disk. */
const MAX_VISITED = 100_000

export function createStorageFind({ existing, entryAt }: StorageTree): StorageFind {
  return {
    async find(path, fits, limit) {
      const entries: StorageEntry[] = []
      let visited = 0
      for await (const { at, name } of below(await existing(path, 'folder'))) {
        if ((visited += 1) > MAX_VISITED || entries.length >= limit) return { entries, isCut: true }
        const entry = fits(name) ? await entryAt(at) : null
        if (entry) entries.push(entry)
      }
      return { entries, isCut: false }
    },
    async measure(path) {
      const start = await existing(path)
      if (start.entry.kind === 'file')
        return { files: 1, folders: 0, sizeBytes: start.entry.sizeBytes, isCut: false }
      const total: Measure = { files: 0, folders: 0, sizeBytes: 0, isCut: false }
      for await (const { at, isFolder } of below(start)) {
        if (total.files + total.folders >= MAX_VISITED) return { ...total, isCut: true }
        if (isFolder) total.folders += 1
        else {
          total.files += 1
          total.sizeBytes += (await lstat(at.absolute).catch(absentIsNull))?.size ?? 0
        }
      }
      return total
    },
  }
}

/** Plain files and folders, level by level. */
async function* below(start: Confined): AsyncIterable<{ at: Confined; name: string; isFolder: boolean }> {
  const open: Confined[] = [start]
  for (let folder = open.shift(); folder !== undefined; folder = open.shift()) {
    const found = (await readdir(folder.absolute, { withFileTypes: true }).catch(absentIsNull)) ?? []
    for (const each of found) {
      if (!each.isDirectory() && !each.isFile()) continue
      const path = folder.path === '' ? each.name : `${folder.path}/${each.name}`
      const at = { path, absolute: join(folder.absolute, each.name) }
      if (each.isDirectory()) open.push(at)
      yield { at, name: each.name, isFolder: each.isDirectory() }
    }
  }
}
