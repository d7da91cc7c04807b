import { MIN_SEARCH_CHARS, type SearchHit, type SearchKind } from '@m3m/core/client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { NavigateOptions } from '@tanstack/react-router'
import {
  BoxesIcon,
  DatabaseIcon,
  FileIcon,
  RocketIcon,
  RouteIcon,
  TableIcon,
  ZapIcon,
  type LucideIcon,
} from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandGroup, CommandItem } from '@/ui/command.tsx'
import { useTRPC } from '../trpc/trpc.ts'
import { useRouteProject } from './route-project.ts'

const ASK_AFTER_MS = 200

const ICONS: Record<SearchKind, LucideIcon> = {
  project: BoxesIcon,
  model: DatabaseIcon,
  route: RouteIcon,
  release: RocketIcon,
  action: ZapIcon,
  file: FileIcon,
  record: TableIcon,
}

/** What the agent finds in the project one is in: models, routes, releases, actions, files and records. */
export function SearchHits({ text, go }: { text: string; go: (to: NavigateOptions) => void }) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const project = useRouteProject()
  const query = useSettled(text.trim())
  const isAsked = project !== undefined && query.length >= MIN_SEARCH_CHARS
  const found = useQuery(
    trpc.search.everywhere.queryOptions(
      { query, ...(project && { projectId: project.id }) },
      { enabled: isAsked, placeholderData: keepPreviousData },
    ),
  )
  // The palette lists projects itself.
  const hits = isAsked ? (found.data?.hits ?? []).filter(({ kind }) => kind !== 'project') : []
  if (hits.length === 0 || !project) return null
  return (
    <CommandGroup heading={t('palette.inProject', { name: project.name })} forceMount>
      {hits.map((hit) => {
        const Icon = ICONS[hit.kind]
        return (
          <CommandItem
            key={`${hit.kind} ${hit.model ?? ''} ${hit.key}`}
            value={`${hit.kind} ${hit.model ?? ''} ${hit.key}`}
            // The agent has chosen; the palette does not choose again.
            forceMount
            onSelect={() => go(targetOf(hit))}
          >
            <Icon />
            <span className="truncate">{hit.title}</span>
            <span className="truncate text-xs text-muted-foreground">{hit.detail}</span>
            <span className="ml-auto shrink-0 text-xs text-muted-foreground">
              {t(`palette.kind.${hit.kind}`)}
            </span>
          </CommandItem>
        )
      })}
    </CommandGroup>
  )
}

function targetOf({ kind, key, project, model }: SearchHit): NavigateOptions {
  const params = { slug: project }
  const targets = {
    project: { to: '/projects/$slug', params },
    model: { to: '/projects/$slug/data/$model', params: { ...params, model: key } },
    record: {
      to: '/projects/$slug/data/$model',
      params: { ...params, model: model ?? '' },
      search: { record: key },
    },
    // Routes and actions of the running service stand on the Overview.
    route: { to: '/projects/$slug', params },
    action: { to: '/projects/$slug', params },
    release: { to: '/projects/$slug/pipeline', params, search: { tab: 'releases' } },
    file: {
      to: '/projects/$slug/storage',
      params,
      search: { ...(key.includes('/') && { path: key.slice(0, key.lastIndexOf('/')) }), open: key },
    },
  } as const
  return targets[kind] as NavigateOptions
}

/** The text, when typing rests. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), ASK_AFTER_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
