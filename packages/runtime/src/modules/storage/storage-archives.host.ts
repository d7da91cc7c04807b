import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { filesErrors } from '../../files/files.errors.ts'
import type { ProjectFiles } from '../../files/project-files.ts'
import type { HostCall } from '../../module/define-module.ts'
import type { ToolPool } from '../../tools/index.ts'

/** Archives may unpack to so much; a bomb of a few KB could fill the disk. */
const MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
const MAX_ARCHIVE_ENTRIES = 10_000

/** `zip` and `unzip`, done by a helper process: archives come from anywhere. */
export function createArchives(files: ProjectFiles, tools: ToolPool): Record<string, HostCall> {
  return {
    zip: async ([sources, to], { signal, remainingMs }) => {
      const paths = (Array.isArray(sources) ? sources : [sources]).map((path) => files.normal(path))
      const entries = await Promise.all(paths.map(async (path) => ({ path: await files.existing(path), name: basename(path) })))
      await files.replace(to, (temporary) =>
        tools.run('zip', { entries, to: temporary }, { deadlineMs: remainingMs, signal }),
      )
      return true
    },
    unzip: async ([from, to], { signal, remainingMs }) => {
      const archive = await files.file(from)
      const folder = await files.folder(to)
      const temporary = join(folder, `.unzip.m3m-${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`)
      await mkdir(temporary, { mode: 0o700 })
      try {
        const limits = { maxBytes: MAX_UNPACKED_BYTES, maxEntries: MAX_ARCHIVE_ENTRIES }
        const job = { from: archive.path, to: temporary, ...limits }
        const { output } = await tools.run('unzip', job, { deadlineMs: remainingMs, signal })
        await files.reserve(to, output.bytes)
        await merge(temporary, folder)
        return true
      } finally {
        await rm(temporary, { recursive: true, force: true })
      }
    },
  }
}

/** Moves what is in one folder into another: folders come together, files replace files. */
async function merge(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name)
    const target = join(to, entry.name)
    const there = await lstat(target).catch(() => null)
    if (there?.isSymbolicLink()) throw filesErrors.STORAGE_NOT_EMPTY({ path: entry.name })
    if (entry.isDirectory() && there?.isDirectory()) await merge(source, target)
    else if (there && entry.isDirectory() !== there.isDirectory()) throw filesErrors.STORAGE_NOT_EMPTY({ path: entry.name })
    else await rename(source, target)
  }
}
