import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '@m3m/base'
import { absentIsNull } from './disk-look.ts'

/** How long a count holds: another process may write too. */
const TRUST_MS = 5000

/** Bytes of all files below a folder. */
export interface Usage {
  bytes(): Promise<number>
  /** What this process wrote since the last count. */
  add(bytes: number): void
  forget(): void
}

export function createUsage(root: string, clock: Clock): Usage {
  let known: { at: number; bytes: number } | undefined
  return {
    async bytes() {
      if (known && Math.abs(clock.now() - known.at) < TRUST_MS) return known.bytes
      known = { at: clock.now(), bytes: await bytesBelow(root) }
      return known.bytes
    },
    add(bytes) {
      if (known) known.bytes += bytes
    },
    forget() {
      known = undefined
    },
  }
}

/** Files looked at together: four threads of Node ask the disk, a few more questions keep them busy. */
const LOOKS_AT_ONCE = 64

async function bytesBelow(folder: string): Promise<number> {
  let total = 0
  const sizeOf = async (path: string) => (await lstat(path).catch(absentIsNull))?.size ?? 0
  const open = [folder]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const entries = (await readdir(next, { withFileTypes: true }).catch(absentIsNull)) ?? []
    const pathOf = (entry: { name: string }) => join(next!, entry.name)
    open.push(...entries.filter((entry) => entry.isDirectory()).map(pathOf))
    const files = entries.filter((entry) => entry.isFile()).map(pathOf)
    for (let at = 0; at < files.length; at += LOOKS_AT_ONCE) {
      const sizes = await Promise.all(files.slice(at, at + LOOKS_AT_ONCE).map(sizeOf))
      total += sizes.reduce((sum, size) => sum + size, 0)
    }
  }
  return total
}
