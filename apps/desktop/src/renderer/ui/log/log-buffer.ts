/** Lines of a log as the viewer holds them. Pure. */

export type LogLevelName = 'debug' | 'info' | 'warn' | 'error'

export interface LogLine {
  /** Byte offset of the line in its file, as text. */
  cursor: string
  at: string
  level: LogLevelName
  text: string
}

export interface LogBuffer {
  /** The run the lines are of; null before the first answer. */
  runId: string | null
  lines: readonly LogLine[]
  /** Cursor for earlier lines; undefined at the start of the log. */
  before: string | undefined
  /** Lines left out because this page was slow. */
  dropped: number
  /** Lines that were let go at the top to bound memory; they can be fetched again. */
  trimmed: number
  /** How many of the lines are of each level: kept as lines come and go, since counting all of them at each chunk is work. */
  counts: LevelCounts
}

export type LevelCounts = Readonly<Record<LogLevelName, number>>

/** More than this is let go at the top: a page left open for a week must not eat the machine. */
export const MAX_LINES = 100_000

export const emptyLog: LogBuffer = {
  runId: null,
  lines: [],
  before: undefined,
  dropped: 0,
  trimmed: 0,
  counts: { debug: 0, info: 0, warn: 0, error: 0 },
}

/** The log as its first page shows it. */
export function openedLog(page: {
  runId: string | null
  lines: readonly LogLine[]
  before?: string | undefined
}): LogBuffer {
  const { runId, lines, before } = page
  return { ...emptyLog, runId, lines, before, counts: countLevels(lines) }
}

interface Chunk {
  runId: string
  lines: readonly LogLine[]
  dropped: number
}

/** New lines at the end. Another run begins a new log; lines that are there already are left out. */
export function appendLines(buffer: LogBuffer, chunk: Chunk): LogBuffer {
  const base = buffer.runId === chunk.runId ? buffer : { ...emptyLog, runId: chunk.runId }
  const last = base.lines.at(-1)
  const fresh = last ? chunk.lines.filter((line) => isAfter(line.cursor, last.cursor)) : chunk.lines
  if (fresh.length === 0 && chunk.dropped === 0) return base
  const surplus = Math.max(0, base.lines.length + fresh.length - MAX_LINES)
  const all = base.lines.concat(fresh)
  const lines = surplus > 0 ? all.slice(surplus) : all
  const came = countLevels(fresh)
  const went = countLevels(all.slice(0, surplus))
  return {
    ...base,
    counts: sumOf(base.counts, came, went),
    lines,
    before: surplus > 0 ? lines[0]!.cursor : base.before,
    dropped: base.dropped + chunk.dropped,
    trimmed: base.trimmed + surplus,
  }
}

/** Earlier lines at the top. */
export function prependLines(
  buffer: LogBuffer,
  page: { lines: readonly LogLine[]; before?: string | undefined },
): LogBuffer {
  const first = buffer.lines[0]
  const older = first ? page.lines.filter((line) => isAfter(first.cursor, line.cursor)) : page.lines
  const counts = sumOf(buffer.counts, countLevels(older))
  return { ...buffer, counts, lines: [...older, ...buffer.lines], before: page.before }
}

/**
 * Index of the line at a cursor, or of the first one behind it where that line is not there; `lines.length` behind
 * all of them. Cursors only grow, so a few looks are enough.
 */
export function indexOfCursor(lines: readonly LogLine[], cursor: string): number {
  const wanted = Number(cursor)
  let from = 0
  let to = lines.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (Number(lines[middle]!.cursor) < wanted) from = middle + 1
    else to = middle
  }
  return from
}

const isAfter = (a: string, b: string): boolean => Number(a) > Number(b)

const ORDER: Record<LogLevelName, number> = { debug: 0, info: 1, warn: 2, error: 3 }

export const isAtLeast = (level: LogLevelName, least: LogLevelName | undefined): boolean =>
  least === undefined || ORDER[level] >= ORDER[least]

export function countLevels(lines: readonly LogLine[]): LevelCounts {
  const counts = { debug: 0, info: 0, warn: 0, error: 0 }
  for (const line of lines) counts[line.level] += 1
  return counts
}

const NONE: LevelCounts = emptyLog.counts

function sumOf(now: LevelCounts, came: LevelCounts, went: LevelCounts = NONE): LevelCounts {
  const of = (level: LogLevelName) => now[level] + came[level] - went[level]
  return { debug: of('debug'), info: of('info'), warn: of('warn'), error: of('error') }
}

export interface LinePart {
  text: string
  /** A place in the service's own source. */
  position?: { file: string; line: number; column: number }
  isMatch?: boolean
}

/** `main.js:12:5` and `lib/price.ts:3:1`; not `node:internal`, not `https://host:80`. */
const POSITION = /(?<![\w:/.@-])((?:[\w@$.-]+\/)*[\w@$.-]+\.[jt]s):(\d+):(\d+)/g

/** Cuts a line where it names a place in the source or contains what is searched for. */
export function partsOf(text: string, search = ''): LinePart[] {
  const parts: LinePart[] = []
  let from = 0
  for (const found of text.matchAll(POSITION)) {
    parts.push(...marked(text.slice(from, found.index), search))
    const position = { file: found[1]!, line: Number(found[2]), column: Number(found[3]) }
    parts.push({ text: found[0], position })
    from = found.index + found[0].length
  }
  parts.push(...marked(text.slice(from), search))
  return parts
}

function marked(text: string, search: string): LinePart[] {
  if (!text) return []
  if (!search) return [{ text }]
  const parts: LinePart[] = []
  const lower = text.toLowerCase()
  const wanted = search.toLowerCase()
  let from = 0
  for (let at = lower.indexOf(wanted); at !== -1; at = lower.indexOf(wanted, from)) {
    if (at > from) parts.push({ text: text.slice(from, at) })
    parts.push({ text: text.slice(at, at + wanted.length), isMatch: true })
    from = at + wanted.length
  }
  if (from < text.length) parts.push({ text: text.slice(from) })
  return parts
}
