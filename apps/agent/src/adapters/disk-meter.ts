import { statfs } from 'node:fs/promises'
import type { DiskMeter } from '@m3m/core'

/** Looks at the fullest of the disks that hold these folders. */
export function createDiskMeter(folders: readonly string[]): DiskMeter {
  return {
    async freePercent() {
      const found = await Promise.all(
        folders.map((folder) =>
          statfs(folder).then(
            ({ bavail, blocks }) => (blocks > 0 ? (bavail / blocks) * 100 : null),
            () => null,
          ),
        ),
      )
      const known = found.filter((percent) => percent !== null)
      return known.length > 0 ? Math.min(...known) : null
    },
  }
}
