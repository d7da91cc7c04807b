// The files of one plugin: found inside of its folder, and nowhere else.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { pluginErrors } from './plugin.errors.ts'

/** More files than this are not looked at: `node_modules` of a plugin may be large. */
const MAX_FILES = 2_000

/** Whether a path (absolute, links resolved) is below a folder (likewise). */
export function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder + sep)
}

/**
 * Absolute path of a file of the plugin, links resolved.
 *
 * @throws PLUGIN_NOT_BUILT when a shared object is not there, PLUGIN_LOAD_FAILED when another file is not,
 * PLUGIN_ESCAPE when a link leads out of the folder
 */
export function fileOf(plugin: string, folder: string, path: string): string {
  let real: string
  try {
    real = realpathSync(join(folder, path))
    if (!statSync(real).isFile()) throw new Error('no file')
  } catch (error) {
    if (path.endsWith('.so')) throw pluginErrors.PLUGIN_NOT_BUILT({ plugin, file: path }, { cause: error })
    throw pluginErrors.PLUGIN_LOAD_FAILED({ plugin, reason: `it has no file ${path}` }, { cause: error })
  }
  if (!isInside(folder, real)) throw pluginErrors.PLUGIN_ESCAPE({ plugin, what: path })
  return real
}

/** The text of a file of the plugin; null when there is none, or when it is longer than `maxBytes`. */
export function textOf(folder: string, path: string | null, maxBytes: number): string | null {
  if (path === null) return null
  try {
    const real = realpathSync(join(folder, path))
    if (!isInside(folder, real) || statSync(real).size > maxBytes) return null
    return readFileSync(real, 'utf8')
  } catch {
    return null
  }
}

/** Names, sizes and times of a plugin's files in one word: another word, other files. */
export function revisionOf(folder: string): string {
  const hash = createHash('sha256')
  let files = 0
  const walk = (path: string): void => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      if (files++ > MAX_FILES) return
      const name = path === '' ? entry.name : `${path}/${entry.name}`
      if (entry.isDirectory()) walk(name)
      else {
        const { size, mtimeMs } = statSync(join(folder, name), { throwIfNoEntry: false }) ?? {}
        hash.update(`${name}\0${size}\0${mtimeMs}\n`)
      }
    }
  }
  walk('')
  return hash.digest('hex').slice(0, 16)
}
