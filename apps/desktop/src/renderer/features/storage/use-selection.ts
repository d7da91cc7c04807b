import type { StoredEntry } from '@m3m/core/client'
import { useMemo, useState } from 'react'

export interface Selection {
  paths: ReadonlySet<string>
  entries: StoredEntry[]
  /** Where the keyboard is; -1 for nowhere. */
  cursor: number
  set: (paths: Iterable<string>, cursor?: number) => void
  clear: () => void
  all: () => void
  /** A click, or a step of the keyboard: alone, adding (`isToggle`), or all between (`isRange`). */
  pick: (index: number, how?: { isToggle?: boolean; isRange?: boolean }) => void
}

/** Which of the shown entries are chosen. What is no longer shown is no longer chosen. */
export function useSelection(shown: readonly StoredEntry[], initial: readonly string[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(initial))
  const [cursorPath, setCursorPath] = useState<string | null>(initial[0] ?? null)
  const [anchorPath, setAnchorPath] = useState<string | null>(initial[0] ?? null)
  const entries = useMemo(() => shown.filter(({ path }) => chosen.has(path)), [shown, chosen])
  const paths = useMemo(() => new Set(entries.map(({ path }) => path)), [entries])
  const indexOf = (path: string | null) =>
    path === null ? -1 : shown.findIndex((entry) => entry.path === path)

  return {
    paths,
    entries,
    cursor: indexOf(cursorPath),
    set(next, cursor) {
      setChosen(new Set(next))
      const at = cursor === undefined ? null : (shown[cursor]?.path ?? null)
      setCursorPath(at)
      setAnchorPath(at)
    },
    clear: () => setChosen(new Set()),
    all: () => setChosen(new Set(shown.map(({ path }) => path))),
    pick(index, { isToggle = false, isRange = false } = {}) {
      const entry = shown[index]
      if (!entry) return
      setCursorPath(entry.path)
      if (isRange) {
        const anchor = Math.max(0, indexOf(anchorPath))
        const [from, to] = anchor < index ? [anchor, index] : [index, anchor]
        setChosen(new Set(shown.slice(from, to + 1).map(({ path }) => path)))
        return
      }
      setAnchorPath(entry.path)
      if (!isToggle) return setChosen(new Set([entry.path]))
      const next = new Set(paths)
      if (!next.delete(entry.path)) next.add(entry.path)
      setChosen(next)
    },
  }
}
