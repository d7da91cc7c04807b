import { useMemo } from 'react'
import type { LogLevelName, LogLine } from '@/ui/log/log-buffer.ts'
import { useTRPCClient } from '../trpc/trpc.ts'

export interface LogQuery {
  direction: 'forward' | 'backward'
  limit: number
  cursor?: string
  /** Of which run, where the source has several; absent: the latest. */
  runId?: string
  level?: LogLevelName
  search?: string
}

export interface SourcePage {
  runId: string | null
  lines: LogLine[]
  before?: string | undefined
  after?: string | undefined
}

export interface SourceChunk {
  runId: string
  lines: LogLine[]
  dropped: number
}

/** Where live lines begin: behind a line, at a place, or at the end. */
export type TailStart = { lastEventId?: string | undefined; cursor?: string | undefined }

/** A log as it is read: by pages and by its growing end. */
export interface LogSource {
  /** Another key is another log. */
  key: string
  page(query: LogQuery): Promise<SourcePage>
  /** Lines as they are written; goes on where a lost connection ended. The returned function ends it. */
  follow(start: TailStart, onChunk: (chunk: SourceChunk) => void): () => void
}

/** The log of a run; without one, of the latest and of each later one as it starts. */
export function useRunLogSource(projectId: string, runId?: string): LogSource {
  const client = useTRPCClient()
  return useMemo(() => {
    const run = { projectId, ...(runId !== undefined && { runId }) }
    return {
      key: `${projectId}/${runId ?? ''}`,
      page: (query) => client.runs.logs.query({ ...run, ...query }),
      follow(start, onChunk) {
        const options = { onData: ({ data }: { data: SourceChunk }) => onChunk(data) }
        const tail = client.runs.tail.subscribe({ ...run, ...start }, options)
        return () => tail.unsubscribe()
      },
    }
  }, [client, projectId, runId])
}

/** The agent's own log. */
export function useAgentLogSource(): LogSource {
  const client = useTRPCClient()
  return useMemo(
    () => ({
      key: 'agent',
      page: ({ runId: _one, ...query }) => client.agent.logs.query(query),
      follow(start, onChunk) {
        const options = { onData: ({ data }: { data: SourceChunk }) => onChunk(data) }
        const tail = client.agent.tailLog.subscribe(start, options)
        return () => tail.unsubscribe()
      },
    }),
    [client],
  )
}
