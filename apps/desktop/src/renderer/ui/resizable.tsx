import { useRef, type KeyboardEvent, type PointerEvent } from 'react'
import { cn } from '@/ui/cn.ts'

interface ResizeHandleProps {
  /** The edge moves along this axis. */
  axis: 'x' | 'y'
  sizePx: number
  minPx: number
  maxPx: number
  /** Which way the pane lies from the handle: `before` grows with the pointer, `after` shrinks. */
  pane: 'before' | 'after'
  label: string
  onResize: (sizePx: number) => void
  className?: string
}

const STEP_PX = 24

/** The edge between two panes: dragged, or moved by arrow keys. */
export function ResizeHandle({
  axis,
  sizePx,
  minPx,
  maxPx,
  pane,
  label,
  onResize,
  className,
}: ResizeHandleProps) {
  const start = useRef<{ at: number; sizePx: number } | null>(null)
  const set = (next: number) => onResize(Math.round(Math.min(Math.max(next, minPx), Math.max(minPx, maxPx))))
  const sign = pane === 'before' ? 1 : -1
  const at = (event: PointerEvent) => (axis === 'x' ? event.clientX : event.clientY)
  const onKeyDown = (event: KeyboardEvent) => {
    const [less, more] = axis === 'x' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown']
    if (event.key !== less && event.key !== more) return
    event.preventDefault()
    set(sizePx + (event.key === more ? STEP_PX : -STEP_PX) * sign)
  }
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={axis === 'x' ? 'vertical' : 'horizontal'}
      aria-valuenow={sizePx}
      aria-valuemin={minPx}
      aria-valuemax={maxPx}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = { at: at(event), sizePx }
      }}
      onPointerMove={(event) => {
        if (start.current) set(start.current.sizePx + (at(event) - start.current.at) * sign)
      }}
      onPointerUp={() => (start.current = null)}
      onPointerCancel={() => (start.current = null)}
      className={cn(
        'relative z-10 shrink-0 touch-none bg-border transition-colors hover:bg-ring/50 focus-visible:bg-ring',
        axis === 'x'
          ? 'w-px cursor-col-resize after:absolute after:inset-y-0 after:-inset-x-1'
          : 'h-px cursor-row-resize after:absolute after:inset-x-0 after:-inset-y-1',
        className,
      )}
    />
  )
}
