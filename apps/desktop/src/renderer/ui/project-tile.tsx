import { cn } from '@/ui/cn.ts'

const SIZES = {
  sm: 'size-5 rounded-sm text-2xs',
  md: 'size-8 rounded-md text-sm',
  lg: 'size-11 rounded-lg text-lg',
}

/** The mark of a project: the first letter of its name in its colour. Decorative; the name stands beside it. */
export function ProjectTile({
  name,
  color,
  size = 'sm',
  className,
}: {
  name: string
  color: string | null
  size?: keyof typeof SIZES
  className?: string
}) {
  return (
    <span
      aria-hidden
      style={{ '--tint': projectColor(color) } as never}
      className={cn(
        'inline-grid shrink-0 place-items-center border border-[color-mix(in_oklab,var(--tint)_35%,transparent)] bg-[color-mix(in_oklab,var(--tint)_13%,transparent)] font-semibold text-(--tint)',
        SIZES[size],
        className,
      )}
    >
      {[...name.trim()][0]?.toUpperCase() ?? '·'}
    </span>
  )
}

/** The CSS colour of a project: the tokens `--project-<name>` of styles.css. */
export const projectColor = (color: string | null): string => `var(--project-${color ?? 'none'})`
