import { cn } from '@/ui/cn.ts'

interface ProgressBarProps {
  /** 0 to 1. */
  share: number
  label: string
  /** From this share on it is red: of something that runs out. Absent: never. */
  warnsAt?: number
  className?: string
}

/** How much of something is done or used. */
export function ProgressBar({ share, label, warnsAt = Infinity, className }: ProgressBarProps) {
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
      <div
        className={cn('h-full rounded-full bg-foreground/70', share >= warnsAt && 'bg-destructive')}
        style={{ width: `${percent}%` }}
      />
    </div>
  )
}
