import { cn } from '@/ui/cn.ts'
import { fileKind, hasPreview, kindIcon } from './file-kind.ts'
import { usePreview } from './use-preview.ts'

interface ThumbnailProps {
  projectId: string
  file: { path: string; name: string; kind?: 'file' | 'folder'; updatedAt: string }
  /** Pixels of the agent's picture; how large it is drawn is a matter of `className`. */
  size?: 50 | 100
  className?: string
}

/** A square picture of a stored picture; the sign of its kind for everything else, and until it is there. */
export function Thumbnail({ projectId, file, size = 50, className }: ThumbnailProps) {
  const isPicture = file.kind !== 'folder' && hasPreview(file.name)
  const { url } = usePreview(isPicture ? { projectId, path: file.path, size, version: file.updatedAt } : null)
  const kind = file.kind === 'folder' ? 'folder' : fileKind(file.name)
  const Icon = kindIcon(kind)
  if (url)
    return (
      <img
        src={url}
        alt=""
        draggable={false}
        className={cn('shrink-0 rounded-sm border bg-muted object-cover', className)}
      />
    )
  return (
    <span className={cn('grid shrink-0 place-items-center text-muted-foreground', className)}>
      <Icon
        aria-hidden
        strokeWidth={1.5}
        className={cn(
          'size-2/3 max-h-10',
          kind === 'folder' && 'fill-sky-500/15 text-sky-600 dark:text-sky-400',
        )}
      />
    </span>
  )
}
