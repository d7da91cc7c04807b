import type { ComponentProps } from 'react'
import SparklineModule from 'sparkline-svg'
import { cn } from '@/ui/cn.ts'

// The package is CommonJS: bundlers disagree on where its class is.
const SparklineSvg =
  (SparklineModule as unknown as { default?: typeof SparklineModule }).default ?? SparklineModule

interface SparklineProps extends Omit<ComponentProps<'svg'>, 'values' | 'children'> {
  /** Oldest first; what was not measured is drawn as nothing happening. */
  values: readonly (number | null)[]
  /** The value at the top of the picture; without it, the largest of the values. */
  max?: number
}

/** A line from 0 at the bottom. Says nothing by itself: whoever draws it writes the value beside it. */
export function Sparkline({ values, max, className, ...props }: SparklineProps) {
  const line = pathOf(values, max)
  return (
    <svg
      aria-hidden
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      className={cn('block overflow-visible', className)}
      {...props}
    >
      <path d={`${line} L 100,100 L 0,100 Z`} className="fill-current opacity-10" />
      <path
        d={line}
        className="fill-none stroke-current"
        strokeWidth={1.25}
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}

/** A path in a box of 100 by 100. The library scales by the largest value, so that the frame's own is put before and cut off. */
function pathOf(values: readonly (number | null)[], max: number | undefined): string {
  const known = values.map((value) => value ?? 0)
  const top = Math.max(max ?? 0, ...known)
  if (top === 0 || known.length < 2) return 'M 0,100 L 100,100'
  const height = (100 * Math.max(...known)) / top
  if (height === 0) return 'M 0,100 L 100,100'
  const d = new SparklineSvg([...known]).setDecimals(1).setViewBoxHeight(height).d
  return shifted(d, 100 - height)
}

function shifted(d: string, by: number): string {
  if (by === 0) return d
  return d.replace(/,([\d.]+)/g, (_match, y: string) => `,${(Number(y) + by).toFixed(1)}`)
}
