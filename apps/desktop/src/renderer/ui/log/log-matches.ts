import type { LogLine } from './log-buffer.ts'

/** The lines of a log that contain a text, whatever its case. Pure. */
export interface LogMatches {
  text: string
  /** Of the matching lines, in the log's order. */
  lines: readonly LogLine[]
  /** First and last line that were looked at; null where there was none. */
  looked: { first: LogLine; last: LogLine } | null
}

export const noMatches: LogMatches = { text: '', lines: [], looked: null }

/**
 * Matches of the log as it is now, from those of the log as it was: only lines that came, at either end, are
 * read. A log of 100,000 lines that grows ten times a second would else be read whole ten times a second.
 */
export function matchesOf(before: LogMatches, lines: readonly LogLine[], text: string): LogMatches {
  const wanted = text.toLowerCase()
  const first = lines[0]
  if (!wanted || !first) return { ...noMatches, text: wanted }
  const matching = (some: readonly LogLine[]) =>
    some.filter((line) => line.text.toLowerCase().includes(wanted))
  const looked = { first, last: lines.at(-1)! }
  // A line is the same object as long as it is held: another log, or one read again, has none of the old ones.
  const kept = before.text === wanted && before.looked ? lines.lastIndexOf(before.looked.last) : -1
  if (kept === -1) return { text: wanted, lines: matching(lines), looked }
  const older = lines.slice(0, Math.max(0, lines.indexOf(before.looked!.first)))
  const newer = lines.slice(kept + 1)
  const still = before.lines.filter((line) => Number(line.cursor) >= Number(first.cursor))
  return { text: wanted, lines: [...matching(older), ...still, ...matching(newer)], looked }
}
