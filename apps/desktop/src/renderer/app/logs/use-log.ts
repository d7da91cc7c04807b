import { useQueryClient } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import {
  appendLines,
  emptyLog,
  isAtLeast,
  prependLines,
  type LogBuffer,
  type LogLevelName,
  type LogLine,
} from '@/ui/log/log-buffer.ts'
import { useTRPC, useTRPCClient } from '../trpc/trpc.ts'

interface LogQuery {
  projectId: string
  /** Absent: the latest run, and each later one as it starts. */
  runId?: string | undefined
  /** This level and all above it. */
  level?: LogLevelName | undefined
  /** Only lines with this text. */
  search?: string | undefined
  /** Lines of the first page. */
  limit?: number
}

export interface LiveLog {
  buffer: LogBuffer
  isLoading: boolean
  error: unknown
  loadOlder: () => Promise<void>
  retry: () => void
}

const OLDER_LINES = 1_000

/** A run's log: its end first, then each line as it is written; earlier ones when asked. */
export function useLog({ projectId, runId, level, search, limit = 500 }: LogQuery): LiveLog {
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const [buffer, setBuffer] = useState<LogBuffer>(emptyLog)
  const [opened, setOpened] = useState<TailStart | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [attempt, setAttempt] = useState(0)
  const query = { projectId, runId, level, search: search || undefined }
  const key = JSON.stringify(query)
  const latest = useRef({ key, buffer, isLoadingOlder: false })
  latest.current.buffer = buffer
  latest.current.key = key

  useEffect(() => {
    let isCurrent = true
    setOpened(null)
    setError(null)
    setBuffer(emptyLog)
    client.runs.logs.query({ ...(JSON.parse(key) as typeof query), direction: 'backward', limit }).then(
      (page) => {
        if (!isCurrent) return
        setBuffer({ ...emptyLog, runId: page.runId, lines: page.lines, before: page.before })
        setOpened(startAfter(page))
      },
      (reason: unknown) => isCurrent && setError(reason),
    )
    return () => {
      isCurrent = false
    }
  }, [client, key, limit, attempt, queryClient])

  useSubscription(
    trpc.runs.tail.subscriptionOptions(
      { projectId, runId, ...opened },
      {
        enabled: opened !== null,
        onData: ({ data }) =>
          setBuffer((current) =>
            appendLines(current, { ...data, lines: data.lines.filter(wanted(level, search)) }),
          ),
      },
    ),
  )

  const loadOlder = useCallback(async () => {
    const { buffer, key, isLoadingOlder } = latest.current
    if (isLoadingOlder || buffer.before === undefined || !buffer.runId) return
    latest.current.isLoadingOlder = true
    try {
      const page = await client.runs.logs.query({
        ...(JSON.parse(key) as typeof query),
        runId: buffer.runId,
        cursor: buffer.before,
        direction: 'backward',
        limit: OLDER_LINES,
      })
      setBuffer((current) => (current.runId === buffer.runId ? prependLines(current, page) : current))
    } finally {
      latest.current.isLoadingOlder = false
    }
  }, [client])

  const retry = useCallback(() => setAttempt((n) => n + 1), [])
  return { buffer, isLoading: opened === null && error === null, error, loadOlder, retry }
}

/** Where the live lines begin. */
type TailStart = { lastEventId: string } | { cursor: string | undefined }

/**
 * Behind the last line that is shown: the agent reads that line again and leaves it out. Only where there is
 * none the tail begins at a place, which belongs to whatever run is the latest by then.
 */
function startAfter(page: {
  runId: string | null
  lines: readonly LogLine[]
  after?: string | undefined
}): TailStart {
  const last = page.lines.at(-1)
  return page.runId && last ? { lastEventId: `${page.runId}:${last.cursor}` } : { cursor: page.after }
}

const wanted = (level: LogLevelName | undefined, search: string | undefined) => {
  const text = search?.toLowerCase()
  return (line: { level: LogLevelName; text: string }) =>
    isAtLeast(line.level, level) && (!text || line.text.toLowerCase().includes(text))
}
