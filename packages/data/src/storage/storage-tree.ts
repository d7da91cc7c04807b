import type { Stats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { confine, confineAndLook, type Confined } from './confine.ts'
import { absentIsNull, lookAt } from './disk-look.ts'
import { storageErrors } from './storage.errors.ts'
import { nameOf } from './storage-path.ts'

/** A file or folder as it is shown. */
export interface StorageEntry {
  name: string
  /** Relative to the storage. */
  path: string
  kind: 'file' | 'folder'
  /** 0 for a folder. */
  sizeBytes: number
  /** ISO 8601, UTC. */
  updatedAt: string
}

/** Looks at what lies in the storage. */
export interface StorageTree {
  readonly root: string
  /** @throws STORAGE_PATH */
  at(path: unknown): Promise<Confined>
  /** `null` for what is neither file nor folder. */
  entryAt(target: Confined): Promise<StorageEntry | null>
  /** Both at once. `entry`: as `entryAt` says. @throws STORAGE_PATH */
  look(path: unknown): Promise<{ target: Confined; entry: StorageEntry | null }>
  /** @throws STORAGE_PATH, STORAGE_NOT_FOUND, STORAGE_KIND */
  existing(path: unknown, wanted?: 'file' | 'folder'): Promise<Confined & { entry: StorageEntry }>
  /** Folders first, then by name. */
  list(path: string): Promise<StorageEntry[]>
}

/** Looks of a few µs each, between which others are served: a folder may hold 10,000 files. */
const LOOKS_AT_ONCE = 250

export function createStorageTree(root: string): StorageTree {
  const at = (path: unknown): Promise<Confined> => confine(root, path)

  async function entryAt(target: Confined): Promise<StorageEntry | null> {
    const found = await lstat(target.absolute).catch(absentIsNull)
    if (found === null) return target.path === '' ? rootEntry : null
    return entryOf(target.path, found)
  }

  // One look at the disk for both: asking whether a file is there is the commonest call of all.
  async function look(path: unknown): Promise<{ target: Confined; entry: StorageEntry | null }> {
    const { target, found } = await confineAndLook(root, path)
    if (target.path === '') return { target, entry: await entryAt(target) }
    return { target, entry: found && entryOf(target.path, found) }
  }

  async function existing(
    path: unknown,
    wanted?: 'file' | 'folder',
  ): Promise<Confined & { entry: StorageEntry }> {
    const { target, entry } = await look(path)
    if (!entry) throw storageErrors.STORAGE_NOT_FOUND({ path: target.path })
    if (wanted && entry.kind !== wanted) throw storageErrors.STORAGE_KIND({ path: target.path, wanted })
    return { ...target, entry }
  }

  async function list(path: string): Promise<StorageEntry[]> {
    const target = await existing(path, 'folder')
    const names = (await readdir(target.absolute).catch(absentIsNull)) ?? []
    const entries: StorageEntry[] = []
    for (let from = 0; from < names.length; from += LOOKS_AT_ONCE) {
      if (from > 0) await setImmediate()
      const some = names.slice(from, from + LOOKS_AT_ONCE)
      const found = await Promise.all(some.map(async (name) => lookAt(join(target.absolute, name))))
      for (const [index, name] of some.entries()) {
        const stats = found[index]
        const entry = stats && entryOf(target.path === '' ? name : `${target.path}/${name}`, stats)
        if (entry) entries.push(entry)
      }
    }
    return entries.sort(foldersFirst)
  }

  return { root, at, entryAt, look, existing, list }
}

function entryOf(path: string, found: Stats): StorageEntry | null {
  if (!found.isFile() && !found.isDirectory()) return null
  return {
    name: nameOf(path),
    path,
    kind: found.isFile() ? 'file' : 'folder',
    sizeBytes: found.isFile() ? found.size : 0,
    updatedAt: found.mtime.toISOString(),
  }
}

/** The root is there before its first file is. */
const rootEntry: StorageEntry = {
  name: '',
  path: '',
  kind: 'folder',
  sizeBytes: 0,
  updatedAt: new Date(0).toISOString(),
}

function foldersFirst(a: StorageEntry, b: StorageEntry): number {
  if (a.kind !== b.kind) return a.kind === 'folder' ? -1 : 1
  return a.name < b.name ? -1 : 1
}
