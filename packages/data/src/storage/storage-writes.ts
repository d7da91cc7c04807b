import { cp, lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Clock } from '@m3m/base'
import type { ProjectStorage, ProjectStorageDeps } from './project-storage.ts'
import { storageErrors } from './storage.errors.ts'
import type { StorageTree } from './storage-tree.ts'
import { createUsage, type Usage } from './usage.ts'
import { translate, writeWhole } from './write-file.ts'

type Writes = Pick<ProjectStorage, 'write' | 'append' | 'mkdir' | 'remove' | 'copy' | 'move'>

export interface StorageWriteDeps {
  tree: StorageTree
  usage: Usage
  clock: Clock
  /** For files that are not whole yet; on the disk of the storage. */
  scratch: string
  quotaBytes: ProjectStorageDeps['quotaBytes']
}

export function createStorageWrites(deps: StorageWriteDeps): Writes {
  return { ...createFileWrites(deps), ...createTreeWrites(deps) }
}

function createFileWrites(deps: StorageWriteDeps): Pick<Writes, 'write' | 'append'> {
  const { usage, scratch } = deps
  const { at, entryAt } = deps.tree
  return {
    async write(path, content, limits = {}) {
      const target = await at(path)
      if (target.path === '') throw storageErrors.STORAGE_KIND({ path: '', wanted: 'file' })
      const there = await entryAt(target)
      if (there?.kind === 'folder') throw storageErrors.STORAGE_KIND({ path: target.path, wanted: 'file' })
      if (there && limits.overwrite === false) throw storageErrors.STORAGE_EXISTS({ path: target.path })
      const grow = await growLimit(deps, there?.sizeBytes ?? 0)
      const sizeBytes = await writeWhole(target, content, scratch, { ...limits, grow })
      usage.add(sizeBytes - (there?.sizeBytes ?? 0))
      return sizeBytes
    },
    async append(path, content) {
      const target = await at(path)
      const bytes = typeof content === 'string' ? Buffer.from(content) : content
      ;(await growLimit(deps, 0))(bytes.byteLength)
      try {
        await mkdir(dirname(target.absolute), { recursive: true })
        const file = await open(target.absolute, 'a')
        try {
          await file.writeFile(bytes)
        } finally {
          await file.close()
        }
      } catch (error) {
        throw translate(error, target)
      }
      usage.add(bytes.byteLength)
    },
  }
}

function createTreeWrites(deps: StorageWriteDeps): Pick<Writes, 'mkdir' | 'remove' | 'copy' | 'move'> {
  const { usage, clock } = deps
  const { at } = deps.tree
  return {
    async mkdir(path) {
      const target = await at(path)
      await mkdir(target.absolute, { recursive: true }).catch((error: unknown) => {
        throw translate(error, target)
      })
    },
    async remove(path) {
      const target = await at(path)
      if (target.path === '')
        throw storageErrors.STORAGE_PATH({ path: '', problem: 'the root cannot be removed' })
      await rm(target.absolute, { recursive: true, force: true })
      usage.forget()
    },
    async copy(from, to, { overwrite = false } = {}) {
      const { source, target, there } = await pair(deps.tree, { from, to, overwrite })
      const sizeBytes =
        source.entry.kind === 'file'
          ? source.entry.sizeBytes
          : await createUsage(source.absolute, clock).bytes()
      ;(await growLimit(deps, there?.sizeBytes ?? 0))(sizeBytes)
      await cp(source.absolute, target.absolute, { recursive: true, force: true, filter: plainOnly }).catch(
        (error: unknown) => {
          throw translate(error, target)
        },
      )
      usage.forget()
    },
    async move(from, to, { overwrite = false } = {}) {
      const { source, target, there } = await pair(deps.tree, { from, to, overwrite })
      if (there?.kind === 'folder') throw storageErrors.STORAGE_EXISTS({ path: target.path })
      await rename(source.absolute, target.absolute).catch((error: unknown) => {
        throw translate(error, target)
      })
      usage.forget()
    },
  }
}

/** What a write may grow to, given how much it replaces. */
async function growLimit(
  { usage, quotaBytes }: StorageWriteDeps,
  replacedBytes: number,
): Promise<(sizeBytes: number) => void> {
  const limit = typeof quotaBytes === 'function' ? await quotaBytes() : (quotaBytes ?? null)
  if (limit === null) return () => {}
  const used = (await usage.bytes()) - replacedBytes
  return (sizeBytes) => {
    if (used + sizeBytes > limit) throw storageErrors.STORAGE_QUOTA({ usedBytes: used, quotaBytes: limit })
  }
}

/** Source and target of a copy or move, checked against each other. */
async function pair(
  tree: StorageTree,
  { from, to, overwrite }: { from: string; to: string; overwrite: boolean },
) {
  const source = await tree.existing(from)
  const target = await tree.at(to)
  if (source.path === '' || target.path === '') {
    throw storageErrors.STORAGE_PATH({
      path: '',
      problem: 'the root can be neither moved, copied nor replaced',
    })
  }
  if (target.path === source.path || target.path.startsWith(`${source.path}/`)) {
    throw storageErrors.STORAGE_PATH({ path: target.path, problem: 'a folder cannot be put into itself' })
  }
  const there = await tree.entryAt(target)
  if (there && !overwrite) throw storageErrors.STORAGE_EXISTS({ path: target.path })
  await mkdir(dirname(target.absolute), { recursive: true })
  return { source, target, there }
}

async function plainOnly(path: string): Promise<boolean> {
  const found = await lstat(path)
  return found.isFile() || found.isDirectory()
}
