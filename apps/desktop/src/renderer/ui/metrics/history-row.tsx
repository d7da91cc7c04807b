import { useState, type PointerEvent } from 'react'
import { formatDateTime } from '@/i18n/format.ts'
import { Sparkline } from './sparkline.tsx'

interface HistoryRowProps {
  name: string
  /** The figure now. */
  now: string
  values: readonly (number | null)[]
  max?: number | undefined
  /** Unix time of the first value, and the distance between two. */
  fromMs: number
  stepMs: number
  format: (value: number) => string
  /** Said of a moment in which nothing was measured. */
  nothing: string
}

/** A line of 24 hours: name, now, picture; the pointer reads a moment off it. */
export function HistoryRow({ name, now, values, max, fromMs, stepMs, format, nothing }: HistoryRowProps) {
  const [index, setIndex] = useState<number | null>(null)
  const point = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    const share = (event.clientX - box.left) / box.width
    setIndex(Math.max(0, Math.min(values.length - 1, Math.floor(share * values.length))))
  }
  const value = index === null ? null : values[index]
  return (
    <div className="grid h-11 grid-cols-[7.5rem_5.5rem_1fr] items-center gap-2 px-3">
      <dt className="truncate text-sm text-muted-foreground">{name}</dt>
      <dd className="truncate text-right font-mono text-sm tabular">
        {index === null ? now : value == null ? '–' : format(value)}
      </dd>
      <dd className="relative h-7" onPointerMove={point} onPointerLeave={() => setIndex(null)}>
        <Sparkline
          values={values}
          {...(max !== undefined && { max })}
          className="h-full w-full text-moving"
        />
        {index === null ? null : (
          <>
            <span
              className="pointer-events-none absolute inset-y-0 w-px bg-foreground/50"
              style={{ left: `${((index + 0.5) / values.length) * 100}%` }}
            />
            <span className="pointer-events-none absolute -top-1 right-0 rounded-sm border bg-popover px-1 font-mono text-2xs text-popover-foreground">
              {formatDateTime(fromMs + index * stepMs).slice(0, 16)}
              {value == null ? ` · ${nothing}` : ''}
            </span>
          </>
        )}
      </dd>
    </div>
  )
}
