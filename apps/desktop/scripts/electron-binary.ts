import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Folder of Electron's binary for this system: the one named, the one that the electron package has, or the one that
 * it fetches now. Null when it could not be fetched; what it said is on the screen then.
 *
 * @param root of the repository
 * @param named `M3M_ELECTRON_DIST`
 */
export function electronBinary(root: string, named: string | undefined): string | null {
  if (named !== undefined) return named
  const folder = join(root, 'node_modules/electron')
  if (hasBinary(folder)) return join(folder, 'dist')
  process.stdout.write("\nElectron's binary is not here yet; fetching it (100 MB)…\n")
  // electron's own way (its install.js): checks the SHA-256 of what it fetches, keeps it for the next time.
  spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: 'inherit' })
  return hasBinary(folder) ? join(folder, 'dist') : null
}

function hasBinary(folder: string): boolean {
  const pathFile = join(folder, 'path.txt')
  return existsSync(pathFile) && existsSync(join(folder, 'dist', readFileSync(pathFile, 'utf8')))
}
