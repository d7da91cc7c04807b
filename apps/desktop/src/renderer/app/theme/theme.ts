import { useSyncExternalStore } from 'react'

export type Theme = 'light' | 'dark' | 'system'

/** Also read by public/theme.js before the first paint. */
const KEY = 'm3m.theme'
const listeners = new Set<() => void>()
const systemIsDark = matchMedia('(prefers-color-scheme: dark)')
let theme: Theme = read()

function read(): Theme {
  try {
    const stored = localStorage.getItem(KEY)
    return stored === 'light' || stored === 'dark' ? stored : 'system'
  } catch {
    return 'system'
  }
}

function apply(): void {
  document.documentElement.classList.toggle('dark', isDark())
  for (const listener of listeners) listener()
}

systemIsDark.addEventListener('change', apply)

const isDark = () => theme === 'dark' || (theme === 'system' && systemIsDark.matches)

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function setTheme(next: Theme): void {
  theme = next
  try {
    localStorage.setItem(KEY, next)
  } catch {
    // Storage is refused: the choice lasts until the page is closed.
  }
  apply()
}

/** What the person chose. */
export const useTheme = (): Theme => useSyncExternalStore(subscribe, () => theme)

/** What is drawn. */
export const useIsDark = (): boolean => useSyncExternalStore(subscribe, isDark)
