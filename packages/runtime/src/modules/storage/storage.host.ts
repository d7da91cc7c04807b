import { appendFile, cp, lstat, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { HostCall, HostContext, HostModule } from '../../module/define-module.ts'
import { filesErrors } from '../../files/files.errors.ts'
import { createGlob } from '../../files/glob.ts'
import { mimeTypeOf } from '../../files/mime.ts'
import { createProjectFiles, isTemporary, sizeOfFolder, translated, type ProjectFiles } from '../../files/project-files.ts'
import { createArchives } from './storage-archives.host.ts'
import { MAX_ENTRIES, MAX_FILE_BYTES, type Entry } from './storage.contract.ts'
import { storageErrors } from './storage.errors.ts'

/** Files of the project on the disk. */
export function createStorageHost({ storagePath, settings, tools }: HostContext): HostModule {
  const quotaBytes = settings['storageQuotaBytes']
  const files = createProjectFiles({
    root: storagePath,
    ...(typeof quotaBytes === 'number' && quotaBytes > 0 && { quotaBytes }),
  })
  const calls = { ...reading(files), ...writing(files), ...moving(files), ...createArchives(files, tools) }
  return { calls: Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, inWords(files, call)])) }
}

/** What the system says, in words of the storage. */
function inWords(files: ProjectFiles, call: HostCall): HostCall {
  return async (args, context) => {
    try {
      return await call(args, context)
    } catch (error) {
      const path = typeof args[0] === 'string' ? files.normal(args[0]) : ''
      throw translated(error, path)
    }
  }
}

function reading(files: ProjectFiles): Record<string, HostCall> {
  const bytesOf = async (path: unknown) => readFile((await files.file(path, MAX_FILE_BYTES)).path)
  return {
    read: async ([path]) => (await bytesOf(path)).toString('utf8'),
    readBytes: ([path]) => bytesOf(path),
    readBase64: async ([path]) => (await bytesOf(path)).toString('base64'),
    exists: async ([path]) => {
      try {
        await files.existing(path)
        return true
      } catch {
        return false
      }
    },
    list: async ([path]) => (await namesIn(files, path)).map((entry) => entry.name),
    walk: ([path]) => walk(files, path),
    stat: async ([path]) => entryOf(await files.existing(path), files.normal(path)),
    size: async ([path]) => (await files.file(path)).stats.size,
    mimeType: ([path]) => mimeTypeOf(files.normal(path)),
    glob: async ([pattern]) => {
      const matches = createGlob(String(pattern).slice(0, 1_024))
      return (await walk(files, '')).map((entry) => entry.path).filter(matches)
    },
  }
}

function writing(files: ProjectFiles): Record<string, HostCall> {
  return {
    write: async ([path, content]) => {
      const bytes = bytesToWrite(files, path, content)
      await files.reserve(path, bytes.length)
      await refuseFolder(files, path)
      await files.replace(path, (temporary) => writeFile(temporary, bytes, { mode: 0o600, flag: 'wx' }))
      return true
    },
    append: async ([path, content]) => {
      const bytes = bytesToWrite(files, path, content)
      await files.reserve(path, bytes.length)
      await appendFile(await files.target(path), bytes, { mode: 0o600 })
      return true
    },
    mkdir: async ([path]) => {
      await files.folder(path)
      return true
    },
    delete: async ([path]) => {
      if (files.normal(path) === '') throw filesErrors.STORAGE_ROOT_PROTECTED(undefined)
      const above = await files.existing(dirname(`/${files.normal(path)}`))
      // Not the real place of the name: of a link, the link goes.
      const absolute = join(above, basename(files.normal(path)))
      await lstat(absolute)
      await rm(absolute, { recursive: true })
      return true
    },
  }
}

function moving(files: ProjectFiles): Record<string, HostCall> {
  const source = async (path: unknown): Promise<string> => {
    if (files.normal(path) === '') throw filesErrors.STORAGE_ROOT_PROTECTED(undefined)
    return files.existing(path)
  }
  const destination = async (from: string, path: unknown): Promise<string> => {
    const to = await files.target(path)
    if (`${to}/`.startsWith(`${from}/`) && to !== from) {
      throw filesErrors.STORAGE_PATH_INVALID({ path: files.normal(path), reason: 'a folder cannot go into itself' })
    }
    return to
  }
  const move = async (from: unknown, to: unknown): Promise<true> => {
    const absolute = await source(from)
    await rename(absolute, await destination(absolute, to))
    return true
  }
  return {
    copy: async ([from, to]) => {
      const absolute = await source(from)
      const stats = await lstat(absolute)
      await files.reserve(to, stats.isDirectory() ? await sizeOfFolder(absolute) : stats.size)
      // Links are not followed out of the storage by copying what they point at: they stay behind.
      const filter = async (path: string) => !(await lstat(path)).isSymbolicLink()
      await cp(absolute, await destination(absolute, to), { recursive: true, filter })
      return true
    },
    move: ([from, to]) => move(from, to),
    rename: async ([from, to]) => {
      // Unlike `move`, makes no folders: a wrong path must not become a new tree.
      const above = dirname(`/${files.normal(to)}`)
      await files.existing(above)
      return move(from, to)
    },
  }
}

function bytesToWrite(files: ProjectFiles, path: unknown, content: unknown): Uint8Array {
  const given = content === undefined || content === null ? '' : content
  if (typeof given !== 'string' && !(given instanceof Uint8Array) && typeof given !== 'number' && typeof given !== 'boolean') {
    throw storageErrors.STORAGE_CONTENT_INVALID({ path: files.normal(path) })
  }
  const bytes = given instanceof Uint8Array ? given : Buffer.from(String(given))
  if (bytes.length > MAX_FILE_BYTES) {
    throw filesErrors.STORAGE_TOO_LARGE({ path: files.normal(path), limitBytes: MAX_FILE_BYTES })
  }
  return bytes
}

async function refuseFolder(files: ProjectFiles, path: unknown): Promise<void> {
  const there = await lstat(await files.target(path)).catch(() => null)
  if (there?.isDirectory()) throw filesErrors.STORAGE_IS_FOLDER({ path: files.normal(path) })
}

async function namesIn(files: ProjectFiles, path: unknown): Promise<{ name: string; isDir: boolean }[]> {
  const absolute = await files.existing(path)
  if (!(await lstat(absolute)).isDirectory()) throw filesErrors.STORAGE_IS_FILE({ path: files.normal(path) })
  const entries = (await readdir(absolute, { withFileTypes: true })).filter(({ name }) => !isTemporary(name))
  if (entries.length > MAX_ENTRIES) throw filesErrors.STORAGE_TOO_MANY({ what: 'entries in this folder', limit: MAX_ENTRIES })
  return entries
    .map((entry) => ({ name: entry.name, isDir: entry.isDirectory() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Everything below a folder, folders before what is in them, by name. Links are not followed. */
async function walk(files: ProjectFiles, path: unknown): Promise<Entry[]> {
  const found: Entry[] = []
  const open = [files.normal(path)]
  while (open.length > 0) {
    const folder = open.pop()!
    const inner: string[] = []
    for (const { name, isDir } of await namesIn(files, folder)) {
      const child = folder === '' ? name : `${folder}/${name}`
      const absolute = join(await files.existing(folder), name)
      found.push(await entryOf(absolute, child))
      if (isDir) inner.push(child)
      if (found.length > MAX_ENTRIES) throw filesErrors.STORAGE_TOO_MANY({ what: 'entries below this folder', limit: MAX_ENTRIES })
    }
    open.push(...inner.toReversed())
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function entryOf(absolute: string, path: string): Promise<Entry> {
  const stats = await lstat(absolute)
  const isDir = stats.isDirectory()
  return {
    name: basename(path),
    path,
    size: isDir ? 0 : stats.size,
    isDir,
    mimeType: isDir ? '' : mimeTypeOf(path),
    updatedAt: stats.mtime,
  }
}
