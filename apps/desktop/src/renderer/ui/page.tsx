import { useId, type ReactNode } from 'react'
import { cn } from '@/ui/cn.ts'

interface PageProps {
  title: ReactNode
  /** Beside the title, small: a count, a badge. */
  aside?: ReactNode
  /** At the right: the one primary action, others before it. */
  actions?: ReactNode
  /** How wide the content may grow; forms are narrow, tables are not. */
  width?: 'narrow' | 'wide'
  children: ReactNode
}

/** A page: its title line with one primary action, then the content. */
export function Page({ title, aside, actions, width = 'wide', children }: PageProps) {
  return (
    <div
      className={cn(
        'mx-auto flex w-full flex-col gap-4 px-4 py-4 sm:px-6 sm:py-5',
        width === 'narrow' ? 'max-w-3xl' : 'max-w-6xl',
      )}
    >
      <header className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 truncate text-xl font-semibold tracking-tight">{title}</h1>
        {aside ? <div className="flex items-center gap-2 text-muted-foreground">{aside}</div> : null}
        {actions ? <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div> : null}
      </header>
      {children}
    </div>
  )
}

/** A part of a page with a heading of its own; the border is the only frame. */
export function Section({
  title,
  description,
  actions,
  className,
  children,
}: {
  title?: ReactNode
  description?: ReactNode
  actions?: ReactNode
  className?: string
  children: ReactNode
}) {
  const id = useId()
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className="grid min-w-0 grid-cols-1 content-start gap-2"
    >
      {title ? (
        <div className="flex min-h-7 flex-wrap items-center gap-x-2 sm:flex-nowrap">
          <h2 id={id} className="text-sm font-semibold sm:whitespace-nowrap">
            {title}
          </h2>
          {description ? (
            <p className="text-xs text-muted-foreground max-sm:order-last max-sm:basis-full sm:truncate">
              {description}
            </p>
          ) : null}
          {actions ? <div className="ml-auto flex items-center gap-1">{actions}</div> : null}
        </div>
      ) : null}
      <div className={cn('min-w-0 rounded-md border', className)}>{children}</div>
    </section>
  )
}
