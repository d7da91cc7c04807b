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
      if (known && clock.now() - known.at < TRUST_MS) return known.bytes
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

async function bytesBelow(folder: string): Promise<number> {
  let total = 0
  const open = [folder]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const entries = await readdir(next, { withFileTypes: true }).catch(absentIsNull)
    for (const entry of entries ?? []) {
      const path = join(next, entry.name)
      if (entry.isDirectory()) open.push(path)
      else if (entry.isFile()) total += (await lstat(path).catch(absentIsNull))?.size ?? 0
    }
  }
  return total
}
