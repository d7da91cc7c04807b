import type { ReactNode } from 'react'
import { Skeleton } from '@/ui/skeleton.tsx'

interface GoalCardsProps {
  title?: string | undefined
  /** The accessible name, also where no title is drawn. */
  label: string
  description?: string
  children: ReactNode
}

/** Cards side by side, as many as fit. */
export function GoalCards({ title, label, description, children }: GoalCardsProps) {
  return (
    <section aria-label={label} className="grid min-w-0 gap-2">
      {title ? (
        <div className="flex min-h-7 min-w-0 items-baseline gap-2">
          <h2 className="shrink-0 text-sm font-semibold">{title}</h2>
          {description ? <p className="text-xs text-muted-foreground">{description}</p> : null}
        </div>
      ) : null}
      <ul className={CARD_GRID}>{children}</ul>
    </section>
  )
}

const CARD_GRID = 'grid gap-3 sm:grid-cols-2 xl:grid-cols-3'

export function GoalCardSkeletons() {
  return (
    <div className={CARD_GRID} aria-busy="true">
      {[0, 1, 2].map((index) => (
        <Skeleton key={index} className="h-40" />
      ))}
    </div>
  )
}
