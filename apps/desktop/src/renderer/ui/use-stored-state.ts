import { useState } from 'react'

/** State that a person sets once and expects to find again: widths, folded panels, wrapped lines. */
export function useStoredState<T extends string | number | boolean>(
  key: string,
  initial: T,
): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => read(`m3m.${key}`, initial))
  const store = (next: T) => {
    setValue(next)
    try {
      localStorage.setItem(`m3m.${key}`, JSON.stringify(next))
    } catch {
      // Storage is refused or full: it holds until the page is left.
    }
  }
  return [value, store]
}

function read<T>(key: string, initial: T): T {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    return typeof stored === typeof initial ? (stored as T) : initial
  } catch {
    return initial
  }
}
