import type { KeyboardEvent } from 'react'
import type { Asked } from './storage-dialogs.tsx'
import type { PageState } from './use-storage-page.ts'

/** What waits to be pasted, and how. */
export interface Held {
  mode: 'move' | 'copy'
  paths: string[]
}

interface KeyContext {
  page: PageState
  mayWrite: boolean
  held: Held | null
  setHeld: (held: Held | null) => void
  setAsked: (asked: Asked) => void
  paste: () => void
}

/** What a key of the list does; `null` for a key it does not know. By place too, for other layouts. */
export function keyAction(event: KeyboardEvent, context: KeyContext): (() => void) | null {
  const { page, mayWrite, held, setHeld, setAsked, paste } = context
  const { selection, shown } = page
  const { entries } = selection
  const current = shown[selection.cursor]
  const paths = [...selection.paths]
  if (event.ctrlKey || event.metaKey) {
    if (event.code === 'KeyA') return selection.all
    if (!mayWrite) return null
    if (event.code === 'KeyC' && paths.length > 0) return () => setHeld({ mode: 'copy', paths })
    if (event.code === 'KeyX' && paths.length > 0) return () => setHeld({ mode: 'move', paths })
    if (event.code === 'KeyV' && held) return paste
    return null
  }
  if (event.key === 'Enter' && current) return () => page.openEntry(current)
  if (event.key === 'Backspace' && page.path !== '') return page.up
  if (event.key === 'Escape' && (held || paths.length > 0))
    return held ? () => setHeld(null) : selection.clear
  if (event.key === ' ' && current) return () => selection.pick(selection.cursor, { isToggle: true })
  if (!mayWrite || entries.length === 0) return null
  if (event.key === 'Delete') return () => setAsked({ kind: 'remove', entries })
  if (event.key === 'F2') return () => setAsked({ kind: 'rename', entry: current ?? entries[0]! })
  return null
}
