import { randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import { lstat, mkdir, readdir, realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { filesErrors } from './files.errors.ts'

const MAX_PATH_CHARS = 1_024
const MAX_NAME_BYTES = 255
const MAX_DEPTH = 64

export interface ProjectFilesOptions {
  /** Absolute path of the project's storage; it may not exist yet. */
  root: string
  /** Bytes all files together may have; without it only the disk limits them. */
  quotaBytes?: number
}

/**
 * The files of one project, by paths such as `/photos/a.png` (the first slash may be missing). Nothing outside of
 * the root can be named: not by `..`, not by a link that stands in the storage.
 */
export interface ProjectFiles {
  /** The path without its first slash, `.` and `..` resolved; `''` for the root. @throws STORAGE_PATH_INVALID */
  normal(path: unknown): string
  /** Absolute path of what exists. @throws STORAGE_NOT_FOUND, STORAGE_PATH_INVALID */
  existing(path: unknown): Promise<string>
  /** Absolute path of a file that exists. @throws STORAGE_NOT_FOUND, STORAGE_IS_FOLDER, STORAGE_PATH_INVALID */
  file(path: unknown, limitBytes?: number): Promise<{ path: string; stats: Stats }>
  /** Absolute path to write to; folders above it are made. @throws STORAGE_PATH_INVALID, STORAGE_IS_FILE, STORAGE_ROOT_PROTECTED */
  target(path: unknown): Promise<string>
  /** Makes a folder and those above it. */
  folder(path: unknown): Promise<string>
  /** @throws STORAGE_QUOTA_EXCEEDED when so many bytes more do not fit. */
  reserve(path: unknown, bytes: number): Promise<void>
  /**
   * Writes a whole file at once: `write` gets a path beside the target, which becomes the target when it is done.
   * A reader sees the old file or the new one, never half of it.
   */
  replace<T>(path: unknown, write: (temporary: string) => Promise<T>): Promise<T>
}

const TEMPORARY = /^\..*\.m3m-[0-9a-f]{12}$/

/** True for a name that {@link ProjectFiles.replace} uses while it writes: lists leave it out. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name)
}

/** Opens a project's files. Touches nothing before it is asked to. */
export function createProjectFiles({ root, quotaBytes }: ProjectFilesOptions): ProjectFiles {
  const usage = createUsage(root)
  const existing = (path: unknown) => existingIn(root, normalPath(path))
  const target = (path: unknown) => targetIn(root, normalPath(path))
  return {
    normal: normalPath,
    existing,
    folder: (path) => folderIn(root, normalPath(path)),
    target,
    async file(path, limitBytes) {
      const absolute = await existing(path)
      const stats = await lstat(absolute)
      const relative = normalPath(path)
      if (stats.isDirectory()) throw filesErrors.STORAGE_IS_FOLDER({ path: relative || '/' })
      if (!stats.isFile()) {
        throw filesErrors.STORAGE_PATH_INVALID({ path: relative, reason: 'it is no ordinary file' })
      }
      if (limitBytes !== undefined && stats.size > limitBytes) {
        throw filesErrors.STORAGE_TOO_LARGE({ path: relative, limitBytes })
      }
      return { path: absolute, stats }
    },
    async reserve(path, bytes) {
      if (quotaBytes === undefined) return
      if ((await usage.after(bytes)) > quotaBytes) {
        throw filesErrors.STORAGE_QUOTA_EXCEEDED({ path: normalPath(path), quotaBytes })
      }
    },
    async replace(path, write) {
      const absolute = await target(path)
      const mark = randomBytes(6).toString('hex')
      const temporary = join(dirname(absolute), `.${basename(absolute).slice(0, 40)}.m3m-${mark}`)
      try {
        const result = await write(temporary)
        await rename(temporary, absolute)
        return result
      } catch (error) {
        await rm(temporary, { recursive: true, force: true })
        throw translated(error, normalPath(path))
      }
    },
  }
}

async function existingIn(root: string, relative: string): Promise<string> {
  try {
    return await inside(root, relative === '' ? root : join(root, relative), relative)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || relative !== '')
      throw translated(error, relative)
    await mkdir(root, { recursive: true, mode: 0o700 })
    return realpath(root)
  }
}

async function folderIn(root: string, relative: string): Promise<string> {
  await mkdir(root, { recursive: true, mode: 0o700 })
  let at = await realpath(root)
  for (const name of relative === '' ? [] : relative.split('/')) {
    const next = join(at, name)
    try {
      await mkdir(next, { mode: 0o700 })
      at = next
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw translated(error, relative)
      at = await inside(root, next, relative)
      if (!(await lstat(at)).isDirectory()) throw filesErrors.STORAGE_IS_FILE({ path: relative })
    }
  }
  return at
}

async function targetIn(root: string, relative: string): Promise<string> {
  if (relative === '') throw filesErrors.STORAGE_ROOT_PROTECTED(undefined)
  const above = dirname(relative)
  const absolute = join(await folderIn(root, above === '.' ? '' : above), basename(relative))
  const there = await lstat(absolute).catch(() => null)
  return there?.isSymbolicLink() ? inside(root, absolute, relative) : absolute
}

/** @throws STORAGE_PATH_INVALID */
function normalPath(path: unknown): string {
  const invalid = (reason: string) =>
    filesErrors.STORAGE_PATH_INVALID({ path: String(path).slice(0, 200), reason })
  if (path === undefined || path === null) return ''
  if (typeof path !== 'string') throw invalid('a path is a text')
  if (path.length > MAX_PATH_CHARS) throw invalid(`it is longer than ${MAX_PATH_CHARS} characters`)
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\\]/.test(path)) throw invalid('control characters and backslashes are not allowed')
  const names: string[] = []
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue
    if (name === '..') {
      if (names.length === 0) throw invalid('it leads out of the storage')
      names.pop()
    } else if (Buffer.byteLength(name) > MAX_NAME_BYTES)
      throw invalid(`a name is longer than ${MAX_NAME_BYTES} bytes`)
    else names.push(name)
  }
  if (names.length > MAX_DEPTH) throw invalid(`it is deeper than ${MAX_DEPTH} folders`)
  return names.join('/')
}

/** The real place of a path. @throws STORAGE_PATH_INVALID when a link leads out */
async function inside(root: string, absolute: string, relative: string): Promise<string> {
  const [realRoot, real] = await Promise.all([realpath(root), realpath(absolute)])
  if (real === realRoot || real.startsWith(realRoot + sep)) return real
  throw filesErrors.STORAGE_PATH_INVALID({ path: relative, reason: 'a link leads out of the storage' })
}

/** The system's reasons in words of the storage; anything else stays as it is. */
export function translated(error: unknown, path: string): unknown {
  switch ((error as NodeJS.ErrnoException)?.code) {
    case 'ENOENT':
      return filesErrors.STORAGE_NOT_FOUND({ path: path || '/' }, { cause: error })
    case 'ENOTDIR':
      return filesErrors.STORAGE_NOT_FOUND({ path }, { cause: error })
    case 'EISDIR':
      return filesErrors.STORAGE_IS_FOLDER({ path }, { cause: error })
    case 'ENOTEMPTY':
    case 'EEXIST':
    case 'ERR_FS_CP_EEXIST':
      return filesErrors.STORAGE_NOT_EMPTY({ path }, { cause: error })
    case 'ENOSPC':
    case 'EDQUOT':
      return filesErrors.STORAGE_DISK_FULL({ path }, { cause: error })
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return filesErrors.STORAGE_PATH_INVALID(
        { path, reason: 'the system does not take it' },
        { cause: error },
      )
    default:
      return error
  }
}

const RECOUNT_MS = 10_000

/** How much the files take: counted at most every ten seconds, in between what is written is added. */
function createUsage(root: string): { after(bytes: number): Promise<number> } {
  let counted = 0
  let countedAt = -Infinity
  return {
    async after(bytes) {
      if (performance.now() - countedAt > RECOUNT_MS) {
        counted = await sizeOfFolder(root)
        countedAt = performance.now()
      }
      counted += bytes
      return counted
    },
  }
}

/** Bytes of all files below a folder; 0 when there is none. */
export async function sizeOfFolder(path: string): Promise<number> {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => [])
  let total = 0
  for (const entry of entries) {
    if (entry.isFile())
      total += (await lstat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size
  }
  return total
}
