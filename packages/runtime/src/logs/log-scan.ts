import type { Buffer } from 'node:buffer'
import { LOG_LEVELS } from '@m3m/base'
import type { LogLevel } from '@m3m/base'
import { findRecords, textOf } from './log-format.ts'
import type { FoundRecord } from './log-format.ts'
import { extentOf, readRange } from './log-parts.ts'
import type { LogPart } from './log-parts.ts'

/** One line of a run's log. `cursor` is the byte offset of its start in the whole log, rotated parts counted. */
export interface LogLine {
  cursor: string
  /** ISO 8601, UTC. */
  at: string
  level: LogLevel
  /** The message; line breaks inside are its own. */
  text: string
}

export interface LogFilter {
  /** This level and all above it. */
  level?: LogLevel | undefined
  /** Case-insensitive text. */
  search?: string | undefined
}

/** Whole records of one piece of the log, in its order. `base` is the offset of `bytes` in the log. */
export interface Piece {
  base: number
  bytes: Buffer
  records: FoundRecord[]
}

const CHUNK_BYTES = 256 * 1024
/** A record is at most 16 KiB by default; where a chunk of this size holds none, a stranger wrote there. */
const MAX_CHUNK_BYTES = 8 * 1024 * 1024

/** Pieces from `from` to the end, oldest first. Half a line at the end is left for the next look. */
export async function* piecesForward(parts: readonly LogPart[], from: number): AsyncGenerator<Piece> {
  const { start, end } = extentOf(parts)
  let at = Math.max(from, start)
  let size = CHUNK_BYTES
  while (at < end) {
    const bytes = await readRange(parts, at, Math.min(end, at + size))
    if (bytes.length === 0) return
    const isLast = at + bytes.length >= end
    const found = findRecords(bytes)
    // The last one may go on in the next chunk.
    const records = isLast && bytes.at(-1) === 0x0a ? found : found.slice(0, -1)
    if (records.length > 0) {
      yield { base: at, bytes, records }
      at += records.at(-1)!.end
      size = CHUNK_BYTES
    } else if (isLast) return
    else if (size < MAX_CHUNK_BYTES) size *= 2
    else at += found[0]?.start || bytes.length
  }
}

/** Pieces from `to` to the beginning, newest first. Half a line at the end of the log is left out. */
export async function* piecesBackward(parts: readonly LogPart[], to: number): AsyncGenerator<Piece> {
  const { start, end } = extentOf(parts)
  let until = Math.min(to, end)
  let size = CHUNK_BYTES
  while (until > start) {
    const from = Math.max(start, until - size)
    // One byte more, to see that what looks like the beginning of a record follows a line break.
    const base = Math.max(start, from - 1)
    const bytes = await readRange(parts, base, until)
    if (bytes.length === 0) return
    const found = findRecords(bytes).filter((record) => record.start > 0 || base === start)
    const whole = bytes.at(-1) === 0x0a ? found : found.slice(0, -1)
    if (whole.length > 0) yield { base, bytes, records: whole }
    if (found.length > 0) {
      until = base + found[0]!.start
      size = CHUNK_BYTES
    } else if (from === start) return
    else if (size < MAX_CHUNK_BYTES) size *= 2
    else until = from
  }
}

/** A record as the viewer gets it. */
export function lineOf(piece: Piece, record: FoundRecord): LogLine {
  return {
    cursor: String(piece.base + record.start),
    at: record.at,
    level: record.level,
    text: textOf(piece.bytes, record),
  }
}

/** The test a line must pass to be shown. */
export function matcher(filter: LogFilter): (line: LogLine) => boolean {
  const least = filter.level ? LOG_LEVELS.indexOf(filter.level) : 0
  const wanted = filter.search?.toLowerCase()
  return (line) =>
    LOG_LEVELS.indexOf(line.level) >= least && (!wanted || line.text.toLowerCase().includes(wanted))
}
