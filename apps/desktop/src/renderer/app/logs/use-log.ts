import { useCallback, useEffect, useRef, useState } from 'react'
import {
  appendLines,
  emptyLog,
  isAtLeast,
  openedLog,
  prependLines,
  type LogBuffer,
  type LogLevelName,
} from '@/ui/log/log-buffer.ts'
import { useRunLogSource, type LogSource, type SourcePage, type TailStart } from './log-source.ts'

interface LogChoice {
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
export function useLog({
  projectId,
  runId,
  ...choice
}: LogChoice & { projectId: string; runId?: string | undefined }): LiveLog {
  return useLogOf(useRunLogSource(projectId, runId), choice)
}

/** Likewise of any log. */
export function useLogOf(source: LogSource, { level, search, limit = 500 }: LogChoice): LiveLog {
  const [buffer, setBuffer] = useState<LogBuffer>(emptyLog)
  const [isLoading, setLoading] = useState(true)
  const [error, setError] = useState<unknown>(null)
  const [attempt, setAttempt] = useState(0)
  const latest = useRef({ buffer, isLoadingOlder: false })
  latest.current.buffer = buffer

  useEffect(() => {
    const over = new AbortController()
    let unfollow = () => {}
    setLoading(true)
    setError(null)
    setBuffer(emptyLog)
    const chosen = { ...(level && { level }), ...(search && { search }) }
    const wanted = wantedBy(level, search)
    source.page({ ...chosen, direction: 'backward', limit }).then(
      (page) => {
        if (over.signal.aborted) return
        setBuffer(openedLog(page))
        setLoading(false)
        unfollow = source.follow(startAfter(page), (chunk) =>
          setBuffer((now) => appendLines(now, { ...chunk, lines: chunk.lines.filter(wanted) })),
        )
      },
      (reason: unknown) => {
        if (over.signal.aborted) return
        setError(reason)
        setLoading(false)
      },
    )
    return () => {
      over.abort()
      unfollow()
    }
  }, [source, level, search, limit, attempt])

  const loadOlder = useCallback(async () => {
    const { buffer, isLoadingOlder } = latest.current
    const { before: cursor, runId } = buffer
    if (isLoadingOlder || cursor === undefined || !runId) return
    latest.current.isLoadingOlder = true
    try {
      const chosen = { ...(level && { level }), ...(search && { search }) }
      const page = await source.page({ ...chosen, runId, cursor, direction: 'backward', limit: OLDER_LINES })
      setBuffer((now) => (now.runId === runId && now.before === cursor ? prependLines(now, page) : now))
    } finally {
      latest.current.isLoadingOlder = false
    }
  }, [source, level, search])

  const retry = useCallback(() => setAttempt((n) => n + 1), [])
  return { buffer, isLoading, error, loadOlder, retry }
}

/**
 * Behind the last line that is shown: the agent reads that line again and leaves it out. Only where there is
 * none the tail begins at a place, which belongs to whatever run is the latest by then.
 */
function startAfter(page: SourcePage): TailStart {
  const last = page.lines.at(-1)
  return page.runId && last ? { lastEventId: `${page.runId}:${last.cursor}` } : { cursor: page.after }
}

function wantedBy(level: LogLevelName | undefined, search: string | undefined) {
  const text = search?.toLowerCase()
  return (line: { level: LogLevelName; text: string }) =>
    isAtLeast(line.level, level) && (!text || line.text.toLowerCase().includes(text))
}
