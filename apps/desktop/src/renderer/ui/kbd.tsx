import { cn } from '@/ui/cn.ts'

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)

/** Keys as this machine names them. `keys` is written as `Mod+Enter`. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <kbd
      className={cn(
        'inline-flex h-4.5 items-center rounded-sm border bg-muted px-1 font-sans text-2xs text-muted-foreground',
        className,
      )}
    >
      {keyNames(keys)}
    </kbd>
  )
}

/** `Mod+S` as `Ctrl+S` or `⌘S`. */
export function keyNames(keys: string): string {
  if (!isMac) return keys.replace('Mod', 'Ctrl')
  return keys.replace('Mod', '⌘').replace('Enter', '↩').replace('Shift', '⇧').replaceAll('+', '')
}
