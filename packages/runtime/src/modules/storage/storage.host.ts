import { compileGlob, storageErrors } from '@m3m/data/storage'
import { mimeTypeOf } from '../../files/mime.ts'
import { createProjectFiles, type ProjectFiles } from '../../files/project-files.ts'
import type { HostCall, HostContext, HostModule } from '../../module/define-module.ts'
import { createArchives } from './storage-archives.host.ts'
import { createLinks } from './storage-links.host.ts'
import { MAX_ENTRIES, MAX_FILE_BYTES, type Entry } from './storage.contract.ts'
import { storageRoomErrors } from './storage.errors.ts'

/** Files of the project on the disk, by the rules of packages/data. */
export function createStorageHost(context: HostContext): HostModule {
  const files = createProjectFiles(context)
  return {
    calls: {
      ...reading(files),
      ...writing(files),
      ...createArchives(files, context.tools),
      ...createLinks(files, context),
    },
  }
}

function reading(files: ProjectFiles): Record<string, HostCall> {
  const { storage, path } = files
  const read = async (value: unknown) => Buffer.from(await storage.read(path(value), MAX_FILE_BYTES))
  return {
    read: async ([value]) => (await read(value)).toString('utf8'),
    readBytes: ([value]) => read(value),
    readBase64: async ([value]) => (await read(value)).toString('base64'),
    async exists([value]) {
      try {
        return (await storage.stat(path(value))) !== null
      } catch {
        return false
      }
    },
    list: async ([value]) => (await storage.list(path(value))).map(({ name }) => name).sort(),
    walk: ([value]) => walk(files, path(value)),
    stat: ([value]) => entryAt(files, path(value)),
    async size([value]) {
      const entry = await entryAt(files, path(value))
      if (entry.isDir) throw storageErrors.STORAGE_KIND({ path: entry.path, wanted: 'file' })
      return entry.size
    },
    mimeType: ([value]) => mimeTypeOf(path(value)),
    async glob([pattern]) {
      const fits = compileGlob(String(pattern).replace(/^\/+/, ''))
      return (await walk(files, '')).map((entry) => entry.path).filter(fits)
    },
  }
}

function writing(files: ProjectFiles): Record<string, HostCall> {
  const { storage, path } = files
  const move: HostCall = async ([from, to]) => {
    await storage.move(path(from), path(to), { overwrite: true })
    return true
  }
  return {
    async write([value, content]) {
      await storage.write(path(value), bytesToWrite(path(value), content), { maxBytes: MAX_FILE_BYTES })
      return true
    },
    async append([value, content]) {
      await storage.append(path(value), bytesToWrite(path(value), content))
      return true
    },
    async mkdir([value]) {
      await storage.mkdir(path(value))
      return true
    },
    async delete([value]) {
      await storage.remove(path(value))
      return true
    },
    async copy([from, to]) {
      await storage.copy(path(from), path(to), { overwrite: true })
      return true
    },
    move,
    async rename([from, to], call) {
      // Unlike `move`, makes no folders: a wrong path must not become a new tree.
      const above = path(to).split('/').slice(0, -1).join('/')
      const folder = await storage.stat(above)
      if (!folder) throw storageErrors.STORAGE_NOT_FOUND({ path: above })
      return move([from, to], call)
    },
  }
}

function bytesToWrite(path: string, content: unknown): Uint8Array {
  if (content instanceof Uint8Array) return content
  // A value that was forgotten must not empty the file that is there.
  if (content === undefined || typeof content === 'object' || typeof content === 'function')
    throw storageRoomErrors.STORAGE_CONTENT_INVALID({ path })
  return Buffer.from(String(content))
}

/** Everything below a folder, by path. */
async function walk({ storage }: ProjectFiles, path: string): Promise<Entry[]> {
  const entries = await storage.walk(path, MAX_ENTRIES + 1)
  if (entries.length > MAX_ENTRIES)
    throw storageRoomErrors.STORAGE_TOO_MANY({ path: path || '/', limit: MAX_ENTRIES })
  return entries.map(shown).sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function entryAt({ storage }: ProjectFiles, path: string): Promise<Entry> {
  const entry = await storage.stat(path)
  if (!entry) throw storageErrors.STORAGE_NOT_FOUND({ path })
  return shown(entry)
}

function shown(entry: NonNullable<Awaited<ReturnType<ProjectFiles['storage']['stat']>>>): Entry {
  const isDir = entry.kind === 'folder'
  return {
    name: entry.name,
    path: entry.path,
    size: entry.sizeBytes,
    isDir,
    mimeType: isDir ? '' : mimeTypeOf(entry.name),
    updatedAt: new Date(entry.updatedAt),
  }
}
