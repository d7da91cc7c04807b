import { useMemo, useState } from 'react'
import { findMatches } from '@/ui/log/log-buffer.ts'
import { useShortcut } from '@/ui/use-shortcut.ts'

type Lines = Parameters<typeof findMatches>[0]

export interface Find {
  matches: readonly number[]
  /** Which of the matches, 0-based; -1 before the first step. */
  at: number
  /** Index of the line to show. */
  current: number | undefined
  step: (by: 1 | -1) => void
  nextError: () => void
}

/** Steps through the lines that match, or to the next error. From the end, since the end is what one looks at. */
export function useFind(lines: Lines, text: string): Find {
  const matches = useMemo(() => findMatches(lines, text), [lines, text])
  const [cursor, setCursor] = useState<string>()
  const found = cursor === undefined ? -1 : lines.findIndex((line) => line.cursor === cursor)
  const at = matches.indexOf(found)
  const goTo = (index: number | undefined) => index !== undefined && setCursor(lines[index]?.cursor)
  const step = (by: 1 | -1) => {
    if (matches.length === 0) return
    const next = at === -1 ? (by === 1 ? 0 : matches.length - 1) : (at + by + matches.length) % matches.length
    goTo(matches[next])
  }
  const nextError = () => {
    const after = lines.findIndex((line, index) => index > found && line.level === 'error')
    goTo(after === -1 ? lines.findIndex((line) => line.level === 'error') : after)
  }
  useShortcut({ keys: 'F3', inFields: true }, () => step(1), matches.length > 0)
  return { matches, at, current: found === -1 ? undefined : found, step, nextError }
}
