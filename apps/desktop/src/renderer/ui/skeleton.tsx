import { cn } from '@/ui/cn.ts'

/** A place holder in the shape of what comes; invisible for the first 150 ms. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn('appear-late rounded-sm bg-muted', className)} />
}

/** Rows of a list that is being fetched, in the height its real rows will have. */
export function SkeletonRows({ rows = 5, className }: { rows?: number; className?: string }) {
  return (
    <div className={cn('appear-late divide-y', className)} role="status" aria-busy="true">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-8.5 items-center gap-4 px-3">
          <div className="h-3 rounded-sm bg-muted" style={{ width: `${22 + ((row * 13) % 24)}%` }} />
          <div className="ml-auto h-3 w-16 rounded-sm bg-muted" />
        </div>
      ))}
    </div>
  )
}

/** A page of which neither code nor data is there yet: its title and first lines. */
export function PageSkeleton() {
  return (
    <div className="grid gap-3 p-6" role="status" aria-busy="true">
      <Skeleton className="h-8 w-56" />
      <Skeleton className="h-4 w-80" />
    </div>
  )
}
