/** Which windows of a long list are fetched. Pure. */

/** Records of one request. Some hundred ms of scrolling at full speed; about 50 KB of an ordinary model. */
export const WINDOW = 100
/** Windows fetched ahead in the direction of the scroll, and kept behind. */
const AHEAD = 2
const BEHIND = 1
/** Browsers bound the height of an element (Firefox at 17.9 million px); 34 px a row stays below. */
export const MAX_ROWS = 500_000

export interface RowRange {
  start: number
  /** Not included. */
  end: number
  /** Where the scroll goes. */
  isDown: boolean
}

/** The first window always: it has the count. Then those that are seen, then those that will be. */
export function pagesAround({ start, end, isDown }: RowRange, total: number): number[] {
  const last = Math.max(1, Math.ceil(total / WINDOW))
  const from = Math.floor(start / WINDOW) + 1
  const to = Math.max(from, Math.ceil(end / WINDOW))
  const seen = span(from, to)
  const ahead = isDown ? span(to + 1, to + AHEAD) : span(from - AHEAD, from - 1).toReversed()
  const behind = isDown ? span(from - BEHIND, from - 1) : span(to + 1, to + BEHIND)
  return [...new Set([1, ...seen, ...ahead, ...behind])].filter((page) => page >= 1 && page <= last)
}

export const span = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
