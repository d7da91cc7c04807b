import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { storageErrors } from './storage.errors.ts'
import { storagePath } from './storage-path.ts'

/** A path that has been checked. */
export interface Confined {
  /** As {@link storagePath} gives it. */
  path: string
  absolute: string
}

/**
 * The absolute path of what lies in the storage. Every existing part of it is looked at: a symbolic link is
 * refused wherever it points, since what it points at may change between the look and the use.
 * @throws STORAGE_PATH
 */
export async function confine(root: string, input: unknown): Promise<Confined> {
  const path = storagePath(input)
  let absolute = root
  for (const name of path === '' ? [] : path.split('/')) {
    absolute = join(absolute, name)
    const found = await lstat(absolute).catch(absentIsNull)
    if (found === null) break
    if (found.isSymbolicLink()) {
      throw storageErrors.STORAGE_PATH({ path, problem: 'a symbolic link is on the way' })
    }
  }
  return { path, absolute: path === '' ? root : join(root, ...path.split('/')) }
}

export function absentIsNull(error: { code?: unknown }): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}
