import { cn } from '@/ui/cn.ts'

/** How much of something is done; `share` is 0 to 1. */
export function ProgressBar({
  share,
  label,
  className,
}: {
  share: number
  label: string
  className?: string
}) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className={cn('h-1 overflow-hidden rounded-full bg-muted', className)}
    >
      <div className="h-full rounded-full bg-foreground/70" style={{ width: `${percent}%` }} />
    </div>
  )
}
