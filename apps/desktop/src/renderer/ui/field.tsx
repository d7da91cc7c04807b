import { Slot } from 'radix-ui'
import { useId, type ReactNode } from 'react'
import { cn } from '@/ui/cn.ts'
import { Label } from '@/ui/label.tsx'

interface FieldProps {
  label: ReactNode
  /** One sentence below the control; an error takes its place. */
  hint?: ReactNode
  error?: string | undefined
  className?: string
  /** The control. It is given `id`, `aria-describedby` and `aria-invalid`. */
  children: ReactNode
}

/** A label, its control and one line of help or complaint, tied together for screen readers. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId()
  const note = error ?? hint
  return (
    <div className={cn('grid content-start gap-1.5', className)}>
      <Label htmlFor={id}>{label}</Label>
      <Slot.Root
        id={id}
        aria-describedby={note ? `${id}-note` : undefined}
        aria-invalid={error ? true : undefined}
      >
        {children}
      </Slot.Root>
      {note ? (
        <p
          id={`${id}-note`}
          role={error ? 'alert' : undefined}
          className={cn('text-xs', error ? 'text-destructive' : 'text-muted-foreground')}
        >
          {note}
        </p>
      ) : null}
    </div>
  )
}
