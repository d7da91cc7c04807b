import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { link, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isDiskFull } from '@m3m/base'
import type { Confined } from './confine.ts'
import { storageErrors } from './storage.errors.ts'

export type Content = string | Uint8Array | AsyncIterable<Uint8Array>

export interface WriteLimits {
  /** `false` refuses to replace a file. Default true. */
  overwrite?: boolean
  maxBytes?: number
  /** Told before each chunk is written how many bytes there will be; throws to stop. */
  grow?: (sizeBytes: number) => void
}

/**
 * Writes a file whole or not at all: into a temporary file of the same disk, synced, then put in place. A
 * failure, a full disk or a passed limit leaves what was there.
 * @param scratch folder for the temporary file, on the same disk and outside the storage
 * @throws STORAGE_TOO_LARGE, STORAGE_DISK_FULL, STORAGE_EXISTS, and what `grow` throws
 */
export async function writeWhole(
  target: Confined,
  content: Content,
  scratch: string,
  limits: WriteLimits,
): Promise<number> {
  await mkdir(scratch, { recursive: true, mode: 0o700 })
  const temporary = join(scratch, randomUUID())
  try {
    const sizeBytes = await fill(temporary, target, content, limits)
    await mkdir(dirname(target.absolute), { recursive: true })
    if (limits.overwrite === false) await link(temporary, target.absolute)
    else await rename(temporary, target.absolute)
    return sizeBytes
  } catch (error) {
    throw translate(error, target)
  } finally {
    await rm(temporary, { force: true })
  }
}

async function fill(
  temporary: string,
  target: Confined,
  content: Content,
  limits: WriteLimits,
): Promise<number> {
  const file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  let sizeBytes = 0
  try {
    for await (const chunk of chunksOf(content)) {
      sizeBytes += chunk.byteLength
      if (limits.maxBytes !== undefined && sizeBytes > limits.maxBytes) {
        throw storageErrors.STORAGE_TOO_LARGE({ path: target.path, limit: limits.maxBytes })
      }
      limits.grow?.(sizeBytes)
      await file.writeFile(chunk)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return sizeBytes
}

async function* chunksOf(content: Content): AsyncIterable<Uint8Array> {
  if (typeof content === 'string') yield Buffer.from(content)
  else if (content instanceof Uint8Array) yield content
  else yield* content
}

/** Codes of the system that a person can do something about. @see errno(3) */
export function translate(error: unknown, { path }: Pick<Confined, 'path'>): unknown {
  const code = (error as { code?: unknown } | null)?.code
  if (isDiskFull(error)) return storageErrors.STORAGE_DISK_FULL({ path }, { cause: error })
  if (code === 'ENOENT') return storageErrors.STORAGE_NOT_FOUND({ path }, { cause: error })
  if (code === 'EEXIST' || code === 'ENOTEMPTY')
    return storageErrors.STORAGE_EXISTS({ path }, { cause: error })
  if (code === 'EISDIR') return storageErrors.STORAGE_KIND({ path, wanted: 'file' }, { cause: error })
  if (code === 'ENOTDIR') return storageErrors.STORAGE_KIND({ path, wanted: 'folder' }, { cause: error })
  if (code === 'ENAMETOOLONG')
    return storageErrors.STORAGE_PATH({ path, problem: 'it is too long' }, { cause: error })
  return error
}
