import { useQuery } from '@tanstack/react-query'
import { cn } from '@/ui/cn.ts'
import { urlOf } from '../connection/connection.ts'
import { useStoredFiles } from '../files/stored-files.ts'
import { usePanel } from './panel.tsx'

interface OperatorAvatarProps {
  operator: { id: string; name: string; avatarVersion: string | null }
  /** Its size and the size of the initials. */
  className?: string
}

/** An operator's picture, round; initials while there is none. The name stands beside it: it says nothing itself. */
export function OperatorAvatar({ operator, className }: OperatorAvatarProps) {
  const url = useAvatar(operator)
  return (
    <span
      aria-hidden
      className={cn(
        'grid size-5.5 shrink-0 place-items-center overflow-hidden rounded-full bg-secondary text-2xs font-semibold text-secondary-foreground select-none',
        className,
      )}
    >
      {url ? <img src={url} alt="" className="size-full object-cover" /> : initialsOf(operator.name)}
    </span>
  )
}

/** Fetched with the bearer token, once for each version; `null` until it is there. */
function useAvatar({ id, avatarVersion }: OperatorAvatarProps['operator']): string | null {
  const { connection } = usePanel()
  const files = useStoredFiles()
  const picture = useQuery({
    queryKey: ['avatar', id, avatarVersion],
    enabled: avatarVersion !== null,
    staleTime: Infinity,
    gcTime: Infinity,
    retry: false,
    queryFn: async ({ signal }) => {
      const url = urlOf(connection, `/files/avatar/${id}?version=${avatarVersion}`)
      return URL.createObjectURL(await (await files.fetch(url, { signal })).blob())
    },
  })
  return (avatarVersion !== null && picture.data) || null
}

const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .join('')
