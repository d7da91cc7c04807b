import { createReadStream } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { storageErrors } from '@m3m/data/storage'
import type { ProjectFiles } from '../../files/project-files.ts'
import type { HostCall } from '../../module/define-module.ts'
import type { ToolPool } from '../../tools/index.ts'

/** Archives may unpack to so much; a bomb of a few KB could fill the disk. */
const MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
const MAX_ARCHIVE_ENTRIES = 10_000

/** `zip` and `unzip`, done by a helper process: archives come from anywhere. */
export function createArchives(files: ProjectFiles, tools: ToolPool): Record<string, HostCall> {
  return {
    async zip([sources, to], { signal, remainingMs }) {
      const entries: { path: string; name: string }[] = []
      for (const source of Array.isArray(sources) ? (sources as unknown[]) : [sources]) {
        const path = files.path(source)
        if (!(await files.storage.stat(path))) throw storageErrors.STORAGE_NOT_FOUND({ path })
        entries.push({ path: await files.storage.locate(path), name: basename(path) })
      }
      await files.put(to, (temporary) =>
        tools.run('zip', { entries, to: temporary }, { deadlineMs: remainingMs, signal }),
      )
      return true
    },
    async unzip([from, to], { signal, remainingMs }) {
      const target = files.path(to)
      const archive = await files.locate(from)
      await files.scratch(async (temporary) => {
        await mkdir(temporary, { mode: 0o700 })
        const job = {
          from: archive,
          to: temporary,
          maxBytes: MAX_UNPACKED_BYTES,
          maxEntries: MAX_ARCHIVE_ENTRIES,
        }
        await tools.run('unzip', job, { deadlineMs: remainingMs, signal })
        await takeIn(files, temporary, target)
      })
      return true
    },
  }
}

/** Brings a folder's files into the storage one by one, by the storage's own rules: names, quota, nothing but plain files. */
async function takeIn({ storage }: ProjectFiles, folder: string, target: string): Promise<void> {
  await storage.mkdir(target)
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const absolute = join(entry.parentPath, entry.name)
    const path = join(target, relative(folder, absolute))
    if (entry.isDirectory()) await storage.mkdir(path)
    else if (entry.isFile()) await storage.write(path, createReadStream(absolute))
  }
}
