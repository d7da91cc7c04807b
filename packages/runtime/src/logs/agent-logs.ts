import { Readable } from 'node:stream'
import { extentOf, partsOf } from './log-parts.ts'
import { readPage } from './log-page.ts'
import type { LogPage, PageQuery } from './log-page.ts'
import { tailLog } from './log-tail.ts'
import type { TailBatch } from './log-tail.ts'
import { bytesOf } from './run-logs.ts'

/** Reads the agent's own log, `agent.log` and the parts it outgrew (`agent.{start}.log`), as logs of runs are read. */
export interface AgentLogFiles {
  /** `limit` is 1 to 1,000. */
  page(query: PageQuery): Promise<LogPage>
  /** Lines as they are written, from `cursor` or from the end; ends when `signal` aborts. */
  tail(query: { cursor?: string | undefined }, signal: AbortSignal): AsyncIterable<TailBatch>
  /** The whole log as it is now, all parts in order; null while there is none. */
  download(): Promise<{ sizeBytes: number; stream: Readable } | null>
}

/** Opens the folder of logs (`logging.path`) for reading. */
export function createAgentLogs({ folder }: { folder: string }): AgentLogFiles {
  const parts = () => partsOf(folder, 'agent')
  return {
    page: async (query) => readPage(await parts(), query),
    tail: ({ cursor }, signal) => tailLog({ folder, parts }, cursor, signal),
    async download() {
      const found = await parts()
      if (found.length === 0) return null
      const { start, end } = extentOf(found)
      return { sizeBytes: end - start, stream: Readable.from(bytesOf(found)) }
    },
  }
}
