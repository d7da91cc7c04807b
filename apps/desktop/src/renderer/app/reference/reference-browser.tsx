import { useQuery } from '@tanstack/react-query'
import { SearchIcon } from 'lucide-react'
import { useDeferredValue, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { cn } from '@/ui/cn.ts'
import { Input } from '@/ui/input.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { ReferenceArticle } from './reference-article.tsx'
import { placeName, searchReference, type ReferenceHit, type ReferencePage } from './search-reference.ts'

/** What is looked at: kept by the page in its address, by the editor's panel for itself. */
export interface ReferencePlace {
  module?: string | undefined
  member?: string | undefined
  /** What is searched; while it is, the list shows hits instead of modules. */
  q?: string | undefined
}

interface ReferenceBrowserProps {
  place: ReferencePlace
  onPlace: (place: ReferencePlace) => void
  className?: string
}

/** Modules at the left, one of them at the right; a search over names and texts of all. */
export function ReferenceBrowser({ place, onPlace, className }: ReferenceBrowserProps) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const reference = useQuery({ ...trpc.runtime.reference.queryOptions(), staleTime: Infinity })
  if (reference.error)
    return <ErrorState error={reference.error} onRetry={() => void reference.refetch()} className="m-3" />
  if (!reference.data) return <SkeletonRows rows={10} />
  const pages = reference.data
  const page = pages.find(({ name }) => name === place.module) ?? pages[0]
  return (
    <div className={cn('grid min-h-0 grid-cols-1 sm:grid-cols-[15rem_minmax(0,1fr)]', className)}>
      <div className="flex min-h-0 flex-col border-b sm:border-r sm:border-b-0">
        <div className="relative p-2">
          <SearchIcon className="pointer-events-none absolute top-1/2 left-4.5 size-3.5 -translate-y-1/2 text-muted-foreground" />
          <Input
            type="search"
            value={place.q ?? ''}
            onChange={(event) => onPlace({ ...place, q: event.target.value || undefined })}
            placeholder={t('reference.search')}
            aria-label={t('reference.search')}
            className="pl-7"
          />
        </div>
        <Places pages={pages} place={place} current={page?.name} onPlace={onPlace} />
      </div>
      {page ? <ReferenceArticle key={page.name} page={page} member={place.member} /> : null}
    </div>
  )
}

interface PlacesProps {
  pages: readonly ReferencePage[]
  place: ReferencePlace
  current: string | undefined
  onPlace: (place: ReferencePlace) => void
}

function Places({ pages, place, current, onPlace }: PlacesProps) {
  const { t } = useTranslation()
  const hint = useId()
  const typed = useDeferredValue(place.q ?? '')
  const hits: ReferenceHit[] = typed
    ? searchReference(pages, typed)
    : pages.map(({ name }) => ({ module: name, member: null, excerpt: '' }))
  return (
    <nav
      aria-label={t(typed ? 'reference.hits' : 'reference.modules')}
      className="max-h-52 min-h-0 flex-1 overflow-y-auto px-2 pb-2 sm:max-h-none"
    >
      <p id={hint} role="status" className={typed ? 'px-2 pb-1 text-2xs text-muted-foreground' : 'sr-only'}>
        {typed ? t('reference.hitCount', { count: hits.length }) : null}
      </p>
      <ul className="grid gap-px">
        {hits.map(({ module, member, excerpt }) => {
          const isCurrent = module === current && (member ?? undefined) === place.member
          return (
            <li key={`${module}.${member}`}>
              <button
                type="button"
                aria-current={isCurrent ? 'page' : undefined}
                onClick={() => onPlace({ ...place, module, member: member ?? undefined })}
                className="grid min-h-7.5 w-full content-center rounded-md px-2 py-1 text-left hover:bg-accent aria-[current=page]:bg-accent aria-[current=page]:font-medium"
              >
                <code className="truncate">{placeName(module, member)}</code>
                {excerpt ? <span className="truncate text-2xs text-muted-foreground">{excerpt}</span> : null}
              </button>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
