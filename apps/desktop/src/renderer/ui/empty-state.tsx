import type { ReactNode } from 'react'
import { cn } from '@/ui/cn.ts'

interface EmptyStateProps {
  icon?: ReactNode
  title: string
  /** One sentence that teaches. */
  children?: ReactNode
  action?: ReactNode
  className?: string
}

export function EmptyState({ icon, title, children, action, className }: EmptyStateProps) {
  return (
    <div className={cn('flex flex-col items-center gap-2 px-6 py-12 text-center', className)}>
      {icon ? <div className="text-muted-foreground [&_svg]:size-6 [&_svg]:stroke-[1.5]">{icon}</div> : null}
      <p className="text-base font-medium">{title}</p>
      {children ? <div className="max-w-md text-sm text-muted-foreground">{children}</div> : null}
      {action ? <div className="mt-2">{action}</div> : null}
    </div>
  )
}
