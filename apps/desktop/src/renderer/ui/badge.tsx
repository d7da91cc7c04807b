import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { cn } from '@/ui/cn.ts'

const badgeVariants = cva(
  'inline-flex h-5.5 shrink-0 items-center gap-1.5 rounded-md border px-1.5 text-xs font-medium whitespace-nowrap [&_svg]:size-3 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        outline: 'border-border text-foreground',
        muted: 'border-transparent bg-muted text-muted-foreground',
        tinted:
          'border-[color-mix(in_oklab,var(--tint)_32%,transparent)] bg-[color-mix(in_oklab,var(--tint)_9%,transparent)] text-(--tint)',
      },
    },
    defaultVariants: { variant: 'outline' },
  },
)

type BadgeProps = ComponentProps<'span'> & VariantProps<typeof badgeVariants> & { tint?: string }

/** `tint` is the name of a colour token, `--state-running` for one; it implies the variant `tinted`. */
export function Badge({ className, variant, tint, style, ...props }: BadgeProps) {
  return (
    <span
      data-slot="badge"
      className={cn(badgeVariants({ variant: tint ? 'tinted' : variant, className }))}
      style={tint ? ({ ...style, '--tint': `var(${tint})` } as never) : style}
      {...props}
    />
  )
}
