import type { RunLogs } from './run-logs.port.ts'
import type { ResumableChunk, RunState } from './runs.schema.ts'
import type { Hub } from '../../hub.ts'

interface TailPlan {
  runLogs: RunLogs
  projectId: string
  until: AbortSignal
}

/** The end of `{runId}:{cursor}` is the last line that was sent: it is read again and left out. */
const RESUME = /^([0-9a-f]{24}):(.{1,40})$/

export function parseResume(text: string | undefined): { runId: string; cursor: string } | null {
  const match = text === undefined ? null : RESUME.exec(text)
  return match && { runId: match[1]!, cursor: match[2]! }
}

/** Lines of one run, from `after` (that line left out), from `cursor`, or from the end. */
export async function* tailRun(
  { runLogs, projectId, until }: TailPlan,
  runId: string,
  from: { cursor?: string | undefined; after?: string | undefined },
): AsyncGenerator<ResumableChunk> {
  const cursor = from.after ?? from.cursor
  let last = from.after ?? cursor ?? '0'
  const query = { projectId, runId, ...(cursor !== undefined && { cursor }) }
  for await (const { lines, dropped } of runLogs.tail(query, until)) {
    const fresh = from.after === undefined ? lines : lines.filter((line) => line.cursor !== from.after)
    if (fresh.length === 0 && dropped === 0) continue
    last = fresh.at(-1)?.cursor ?? last
    yield { runId, lines: fresh, dropped, resume: `${runId}:${last}` }
  }
}

/** Lines of the latest run, and of each later one from its first line. */
export async function* tailLatest(
  plan: TailPlan & { hub: Hub<RunState>; latest: string | null },
  from: { cursor?: string | undefined; after?: string | undefined },
): AsyncGenerator<ResumableChunk> {
  const { hub, until } = plan
  let runId = plan.latest
  let start: { cursor?: string | undefined; after?: string | undefined } = from
  while (!until.aborted) {
    const moved = new AbortController()
    const stop = hub.listen(
      ({ observed }) => {
        if (observed.runId && observed.runId !== runId) {
          runId = observed.runId
          moved.abort()
        }
      },
      () => moved.abort(),
    )
    try {
      const signal = AbortSignal.any([until, moved.signal])
      if (runId) yield* tailRun({ ...plan, until: signal }, runId, start)
      await aborted(signal)
    } finally {
      stop()
    }
    start = { cursor: '0' }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
