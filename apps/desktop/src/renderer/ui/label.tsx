import type { ComponentProps } from 'react'
import { cn } from '@/ui/cn.ts'

export function Label({ className, asSpan, ...props }: ComponentProps<'label'> & { asSpan?: boolean }) {
  const classes = cn('flex items-center gap-1.5 text-sm font-medium select-none', className)
  // Over a group of controls there is no one control to point at.
  if (asSpan)
    return (
      <span data-slot="label" className={classes}>
        {props.children}
      </span>
    )
  return <label data-slot="label" className={classes} {...props} />
}
