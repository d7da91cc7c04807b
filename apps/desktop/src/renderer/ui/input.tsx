import type { ComponentProps } from 'react'
import { cn } from '@/ui/cn.ts'

export const fieldClass =
  'w-full min-w-0 rounded-md border border-input bg-background px-2.5 text-sm outline-none transition-colors placeholder:text-muted-foreground/80 focus-visible:border-ring focus-visible:ring-2 focus-visible:ring-ring/25 disabled:cursor-not-allowed disabled:opacity-50 aria-invalid:border-destructive aria-invalid:ring-destructive/20 dark:bg-muted/40'

/** The browser's own button, in our looks and on the line of the file's name. */
const FILE_BUTTON =
  'py-1 pl-1 leading-5.5 file:mr-2.5 file:h-5.5 file:cursor-pointer file:rounded-sm file:bg-muted file:px-2 file:text-xs file:font-medium'

export function Input({ className, type = 'text', ...props }: ComponentProps<'input'>) {
  return (
    <input
      data-slot="input"
      type={type}
      className={cn(fieldClass, 'h-8', type === 'file' && FILE_BUTTON, className)}
      {...props}
    />
  )
}

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      data-slot="textarea"
      className={cn(fieldClass, 'min-h-16 resize-y py-1.5 leading-5', className)}
      {...props}
    />
  )
}
