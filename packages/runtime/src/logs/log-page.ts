import { extentOf } from './log-parts.ts'
import type { LogPart } from './log-parts.ts'
import { lineOf, matcher, piecesBackward, piecesForward } from './log-scan.ts'
import type { LogFilter, LogLine } from './log-scan.ts'

export interface LogPage {
  /** In the order of the log, whatever the direction. */
  lines: LogLine[]
  /** Pass as `cursor` with direction `backward` for earlier lines; absent at the start of the log. */
  before?: string
  /** Pass as `cursor` with direction `forward` for later lines; absent for a log that does not exist. */
  after?: string
}

export interface PageQuery extends LogFilter {
  cursor?: string | undefined
  direction: 'forward' | 'backward'
  limit: number
}

/**
 * A filtered page reads at most so much and then gives what it has, with the cursor to go on from: a rare
 * word in a long log takes several pages, not one long wait.
 */
const MAX_READ_BYTES = 16 * 1024 * 1024
const MAX_LINES = 1_000

/** One page. A cursor that is no number counts as none; one before the oldest part, as the oldest line. */
export async function readPage(parts: readonly LogPart[], query: PageQuery): Promise<LogPage> {
  if (parts.length === 0) return { lines: [] }
  const limit = Math.min(Math.max(1, Math.trunc(query.limit) || 1), MAX_LINES)
  const cursor = /^\d{1,15}$/.test(query.cursor ?? '') ? Number(query.cursor) : undefined
  return query.direction === 'forward'
    ? forward(parts, cursor, limit, query)
    : backward(parts, cursor, limit, query)
}

async function forward(
  parts: readonly LogPart[],
  cursor: number | undefined,
  limit: number,
  filter: LogFilter,
): Promise<LogPage> {
  const { start, end } = extentOf(parts)
  const from = Math.min(Math.max(cursor ?? start, start), end)
  const accepts = matcher(filter)
  const lines: LogLine[] = []
  let next = from
  for await (const piece of piecesForward(parts, from)) {
    for (const record of piece.records) {
      if (lines.length === limit) break
      const line = lineOf(piece, record)
      if (accepts(line)) lines.push(line)
      next = piece.base + record.end
    }
    if (lines.length === limit || next - from > MAX_READ_BYTES) break
  }
  return { lines, ...(from > start && { before: String(from) }), after: String(next) }
}

async function backward(
  parts: readonly LogPart[],
  cursor: number | undefined,
  limit: number,
  filter: LogFilter,
): Promise<LogPage> {
  const { start, end } = extentOf(parts)
  const to = Math.min(Math.max(cursor ?? end, start), end)
  const accepts = matcher(filter)
  const lines: LogLine[] = []
  let first = to
  let after: number | undefined
  for await (const piece of piecesBackward(parts, to)) {
    after ??= piece.base + piece.records.at(-1)!.end
    for (const record of piece.records.toReversed()) {
      if (lines.length === limit) break
      const line = lineOf(piece, record)
      if (accepts(line)) lines.push(line)
      first = piece.base + record.start
    }
    if (lines.length === limit || to - first > MAX_READ_BYTES) break
  }
  lines.reverse()
  return { lines, ...(first > start && first < to && { before: String(first) }), after: String(after ?? to) }
}
