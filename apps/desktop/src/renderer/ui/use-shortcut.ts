import { useEffect, useRef } from 'react'

interface Shortcut {
  /** `Mod+S`, `Mod+Enter`, `?`. `Mod` is Ctrl, on a Mac Cmd. */
  keys: string
  /** Works while the person types in a field; shortcuts with Mod do anyway. */
  inFields?: boolean
}

/** Calls `run` on the keys until the component goes. The browser's own meaning of the keys is held back. */
export function useShortcut(shortcut: string | Shortcut, run: () => void, isOn = true): void {
  const { keys, inFields = false } = typeof shortcut === 'string' ? { keys: shortcut } : shortcut
  const latest = useRef(run)
  useEffect(() => {
    latest.current = run
  })
  useEffect(() => {
    if (!isOn) return
    const listen = (event: KeyboardEvent) => {
      if (!matchesKeys(event, keys)) return
      if (!inFields && !keys.includes('Mod') && isField(event.target)) return
      event.preventDefault()
      event.stopPropagation()
      latest.current()
    }
    // Capturing, so that the editor does not take Ctrl+Enter for itself.
    addEventListener('keydown', listen, { capture: true })
    return () => removeEventListener('keydown', listen, { capture: true })
  }, [keys, inFields, isOn])
}

type Keys = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** Also by the key's place, so that Ctrl+S works on a Cyrillic layout. */
export function matchesKeys(event: Keys, keys: string): boolean {
  const parts = keys.split('+')
  const key = parts.at(-1)!.toLowerCase()
  const wantsMod = parts.includes('Mod')
  if (wantsMod !== (event.ctrlKey || event.metaKey) || event.altKey) return false
  if (key.length > 1 || /[a-z]/.test(key)) {
    if (parts.includes('Shift') !== event.shiftKey) return false
  }
  return event.key.toLowerCase() === key || event.code.toLowerCase() === `key${key}`
}

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}
