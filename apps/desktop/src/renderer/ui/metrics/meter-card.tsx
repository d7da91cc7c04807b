import { Sparkline } from './sparkline.tsx'

interface MeterCardProps {
  name: string
  /** As people read it: `12 %`, `34 MB`. */
  value: string
  /** 0 to 1 of the limit; absent where there is none. */
  share?: number | undefined
  /** The last 60 seconds. */
  samples: readonly number[]
  /** The value at the top of the picture. */
  max?: number | undefined
  /** The whole sentence for a pointer and for screen readers. */
  title: string
}

/** One figure in the top line: name, value, share of its limit, the last minute. Never changes its width. */
export function MeterCard({ name, value, share, samples, max, title }: MeterCardProps) {
  const isNear = share !== undefined && share >= 0.9
  return (
    <div
      role="img"
      aria-label={title}
      title={title}
      className="relative flex h-7 w-32 shrink-0 items-center gap-1.5 overflow-hidden rounded-sm border px-1.5"
    >
      <span className="text-2xs font-medium text-muted-foreground">{name}</span>
      <span
        className={
          isNear
            ? 'font-mono text-xs whitespace-nowrap tabular text-limited'
            : 'font-mono text-xs whitespace-nowrap tabular'
        }
      >
        {value}
      </span>
      <Sparkline
        values={samples}
        {...(max !== undefined && { max })}
        className={isNear ? 'ml-auto h-4 w-9 text-limited' : 'ml-auto h-4 w-9 text-muted-foreground'}
      />
      {share === undefined ? null : (
        <span className="absolute inset-x-0 bottom-0 h-px">
          <span
            className={isNear ? 'block h-px bg-limited' : 'block h-px bg-foreground/40'}
            style={{ width: `${Math.min(100, share * 100)}%` }}
          />
        </span>
      )}
    </div>
  )
}
