import { useMemo, useRef, useState } from 'react'
import { indexOfCursor, type LogLine } from '@/ui/log/log-buffer.ts'
import { matchesOf, noMatches } from '@/ui/log/log-matches.ts'
import type { LogTarget } from '@/ui/log/log-view.tsx'
import { useShortcut } from '@/ui/use-shortcut.ts'

export interface Find {
  /** So many lines match. */
  count: number
  /** Which of the matches, 0-based; -1 before the first step. */
  at: number
  /** The line to show; a new object at each step, so that a step to the same line shows it again. */
  target: LogTarget | undefined
  step: (by: 1 | -1) => void
  nextError: () => void
}

/** Steps through the lines that match, or to the next error. From the end, since the end is what one looks at. */
export function useFind(lines: readonly LogLine[], text: string): Find {
  const before = useRef(noMatches)
  const matches = useMemo(
    () => (before.current = matchesOf(before.current, lines, text)).lines,
    [lines, text],
  )
  const [target, setTarget] = useState<LogTarget>()
  const at = target ? placeOf(matches, target.cursor) : -1
  const goTo = (line: LogLine | undefined) => line && setTarget({ cursor: line.cursor })
  const step = (by: 1 | -1) => {
    const { length } = matches
    if (length > 0) goTo(matches[at === -1 ? (by === 1 ? 0 : length - 1) : (at + by + length) % length])
  }
  const nextError = () => {
    const isError = (line: LogLine) => line.level === 'error'
    const from = target ? indexOfCursor(lines, target.cursor) : -1
    const isThere = target !== undefined && lines[from]?.cursor === target.cursor
    goTo(
      lines.find((line, index) => index >= from + (isThere ? 1 : 0) && isError(line)) ?? lines.find(isError),
    )
  }
  useShortcut({ keys: 'F3', inFields: true }, () => step(1), matches.length > 0)
  return { count: matches.length, at, target, step, nextError }
}

function placeOf(lines: readonly LogLine[], cursor: string): number {
  const index = indexOfCursor(lines, cursor)
  return lines[index]?.cursor === cursor ? index : -1
}
