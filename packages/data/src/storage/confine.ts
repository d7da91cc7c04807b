import type { Stats } from 'node:fs'
import { join } from 'node:path'
import { lookAt } from './disk-look.ts'
import { storageErrors } from './storage.errors.ts'
import { checkNewName, storagePath } from './storage-path.ts'

/** A path that has been checked. */
export interface Confined {
  /** As {@link storagePath} gives it. */
  path: string
  absolute: string
}

/**
 * The absolute path of what lies in the storage. Every existing part of it is looked at: a symbolic link is
 * refused wherever it points, since what it points at may change between the look and the use. Names that deceive
 * lead to what is there; nothing is there by such a name that was not before.
 * @throws STORAGE_PATH
 */
export async function confine(root: string, input: unknown): Promise<Confined> {
  return (await confineAndLook(root, input)).target
}

/** As {@link confine}, with what lies there as of that look: null for nothing, and for the root, which is not looked at. */
export async function confineAndLook(
  root: string,
  input: unknown,
): Promise<{ target: Confined; found: Stats | null }> {
  const path = storagePath(input)
  let absolute = root
  let found: Stats | null = null
  const names = path === '' ? [] : path.split('/')
  for (const [at, name] of names.entries()) {
    absolute = join(absolute, name)
    const looked = lookAt(absolute)
    found = looked instanceof Promise ? await looked : looked
    if (found === null) {
      // What is not there may be about to be made.
      for (const missing of names.slice(at)) checkNewName(path, missing)
      break
    }
    if (found.isSymbolicLink()) {
      throw storageErrors.STORAGE_PATH({ path, problem: 'a symbolic link is on the way' })
    }
  }
  return { target: { path, absolute: path === '' ? root : join(root, ...path.split('/')) }, found }
}
