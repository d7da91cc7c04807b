import { watch } from 'node:fs'
import { extentOf } from './log-parts.ts'
import type { LogPart } from './log-parts.ts'
import { lineOf, piecesForward } from './log-scan.ts'
import type { LogLine } from './log-scan.ts'

export interface TailQuery {
  projectId: string
  runId: string
  /** From here; without it only lines written from now on. */
  cursor?: string | undefined
}

/** A log and the folder in which it grows. */
export interface TailedLog {
  folder: string
  parts(): Promise<LogPart[]>
}

export interface TailBatch {
  lines: LogLine[]
  /** Lines left out before these, because the reader was slower than the service. */
  dropped: number
}

/** A viewer shows a few thousand lines; one that is further behind than this gets the newest. */
const MAX_BEHIND_BYTES = 1024 * 1024
/** Batches at most so often. */
const BATCH_MS = 100
/** Where the system tells nothing of a file's growth (network file systems) we look by ourselves. */
const LOOK_MS = 500

/** Lines as they are written, in batches, until `signal` aborts. Waits for a log that does not exist yet. */
export async function* tailLog(
  { folder, parts }: TailedLog,
  cursor: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<TailBatch> {
  let at = /^\d{1,15}$/.test(cursor ?? '') ? Number(cursor) : extentOf(await parts()).end
  while (!signal.aborted) {
    const growth = watchGrowth(folder, signal)
    const batch = await readOn(await parts(), at)
    at = batch.at
    if (batch.lines.length > 0 || batch.dropped > 0) yield { lines: batch.lines, dropped: batch.dropped }
    else await growth.grown
    growth.stop()
    await pause(BATCH_MS, signal)
  }
}

async function readOn(parts: readonly LogPart[], from: number): Promise<TailBatch & { at: number }> {
  const { start, end } = extentOf(parts)
  // A log shorter than what was read already was cleared: begin anew.
  let at = from > end ? start : Math.max(from, start)
  let dropped = 0
  if (end - at > MAX_BEHIND_BYTES) {
    const skipTo = end - MAX_BEHIND_BYTES
    for await (const piece of piecesForward(parts, at)) {
      const skipped = piece.records.filter((record) => piece.base + record.start < skipTo)
      dropped += skipped.length
      at = piece.base + (skipped.at(-1)?.end ?? 0)
      if (skipped.length < piece.records.length) break
    }
  }
  const lines: LogLine[] = []
  for await (const piece of piecesForward(parts, at)) {
    for (const record of piece.records) lines.push(lineOf(piece, record))
    at = piece.base + piece.records.at(-1)!.end
  }
  return { lines, dropped, at }
}

/** Begins to watch before the file is read, so that nothing written in between goes unseen. */
function watchGrowth(path: string, signal: AbortSignal): { grown: Promise<void>; stop: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, LOOK_MS)
  const watcher = watching(path, () => resolve())
  const done = () => resolve()
  signal.addEventListener('abort', done, { once: true })
  return {
    grown: promise,
    stop() {
      clearTimeout(timer)
      watcher?.close()
      signal.removeEventListener('abort', done)
    },
  }
}

function watching(path: string, onChange: () => void): { close(): void } | undefined {
  try {
    const watcher = watch(path, { persistent: false }, onChange)
    watcher.on('error', onChange)
    return watcher
  } catch {
    return undefined
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(done, ms)
  function done(): void {
    clearTimeout(timer)
    signal.removeEventListener('abort', done)
    resolve()
  }
  signal.addEventListener('abort', done, { once: true })
  return promise
}
