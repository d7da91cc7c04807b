import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { extentOf, listParts, openPart, projectFolder, runOf } from './log-parts.ts'
import type { LogPart } from './log-parts.ts'
import { readPage } from './log-page.ts'
import type { LogPage, PageQuery } from './log-page.ts'
import { tailLog } from './log-tail.ts'
import type { TailBatch, TailQuery } from './log-tail.ts'

/** Reads what runners write; the shape of core's port (features/runs/run-logs.port.ts) and the download beside it. */
export interface RunLogFiles {
  /** An unknown run reads as an empty page. `limit` is 1 to 1,000. */
  page(query: PageQuery & { projectId: string; runId: string }): Promise<LogPage>
  /** Lines as they are written, from `cursor` or from the end, at most ten batches a second; ends when `signal` aborts. */
  tail(query: TailQuery, signal: AbortSignal): AsyncIterable<TailBatch>
  /** Removes logs of the project's runs but those named. */
  clear(projectId: string, keep: readonly string[]): Promise<void>
  /** Removes every log of the project. */
  removeProject(projectId: string): Promise<void>
  /** The whole log as it is now, all parts in order; null for an unknown run. */
  download(projectId: string, runId: string): Promise<{ sizeBytes: number; stream: Readable } | null>
  /** Bytes of all logs of the project, for its page. */
  sizeOf(projectId: string): Promise<number>
}

/** Opens the folder of logs (`logging.path`) for reading. */
export function createRunLogs(options: { folder: string }): RunLogFiles {
  const { folder } = options
  return {
    page: async (query) => readPage(await listParts(folder, query.projectId, query.runId), query),
    tail: ({ projectId, runId, cursor }, signal) => {
      const parts = () => listParts(folder, projectId, runId)
      return tailLog({ folder: join(folder, projectId), parts }, cursor, signal)
    },
    async clear(projectId, keep) {
      for (const { name, runId, path } of await logsOf(folder, projectId)) {
        if (!keep.includes(runId)) await rm(join(path, name), { force: true })
      }
    },
    async removeProject(projectId) {
      const path = projectFolder(folder, projectId)
      if (path) await rm(path, { recursive: true, force: true })
    },
    async download(projectId, runId) {
      const parts = await listParts(folder, projectId, runId)
      if (parts.length === 0) return null
      const { start, end } = extentOf(parts)
      return { sizeBytes: end - start, stream: Readable.from(bytesOf(parts)) }
    },
    async sizeOf(projectId) {
      const runs = new Set((await logsOf(folder, projectId)).map((log) => log.runId))
      let total = 0
      for (const runId of runs) {
        const { start, end } = extentOf(await listParts(folder, projectId, runId))
        total += end - start
      }
      return total
    },
  }
}

async function logsOf(
  folder: string,
  projectId: string,
): Promise<{ name: string; runId: string; path: string }[]> {
  const path = projectFolder(folder, projectId)
  if (!path) return []
  const names = await readdir(path).catch(() => [] as string[])
  return names.flatMap((name) => {
    const runId = runOf(name)
    return runId === null ? [] : [{ name, runId, path }]
  })
}

/** Exactly as many bytes as were announced: what grows meanwhile stays out, and a part that goes ends the download. */
export async function* bytesOf(parts: readonly LogPart[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    const handle = part.sizeBytes > 0 ? await openPart(part) : null
    if (!handle) continue
    // The stream closes the handle, also when the download is given up.
    for await (const chunk of handle.createReadStream({ end: part.sizeBytes - 1 })) yield chunk as Uint8Array
  }
}
