import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A digest of names, sizes and times of all files below the given paths: changes when an input changes. */
export function inputsDigest(paths: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of paths) for (const line of walk(path)) hash.update(line)
  return hash.digest('hex')
}

/** True when `stampFile` holds this digest, that is: the output beside it was made of these inputs. */
export function isFresh(stampFile: string, digest: string): boolean {
  try {
    return readFileSync(stampFile, 'utf8') === digest
  } catch {
    return false
  }
}

/** Records that the output beside `stampFile` was made of these inputs. */
export function writeStamp(stampFile: string, digest: string): void {
  writeFileSync(stampFile, digest)
}

function* walk(path: string): Generator<string> {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return
  if (stat.isFile()) {
    yield `${path} ${stat.size} ${stat.mtimeMs}\n`
    return
  }
  for (const name of readdirSync(path).sort()) if (name !== 'node_modules') yield* walk(join(path, name))
}
