import type { ComponentProps } from 'react'
import { cn } from '@/ui/cn.ts'
import { sparklinePaths } from './sparkline-path.ts'

interface SparklineProps extends Omit<ComponentProps<'svg'>, 'values' | 'children'> {
  /** Oldest first; `null` where nothing was measured: a gap. */
  values: readonly (number | null)[]
  /** The value at the top of the picture; without it, the largest of the values. */
  max?: number
}

/** A line from 0 at the bottom. Says nothing by itself: whoever draws it writes the value beside it. */
export function Sparkline({ values, max, className, ...props }: SparklineProps) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      className={cn('block overflow-visible', className)}
      {...props}
    >
      {sparklinePaths(values, max).map(({ line, area }) => (
        <g key={line}>
          <path d={area} className="fill-current opacity-10" />
          <path
            d={line}
            className="fill-none stroke-current"
            strokeWidth={1.25}
            strokeLinejoin="round"
            vectorEffect="non-scaling-stroke"
          />
        </g>
      ))}
    </svg>
  )
}
