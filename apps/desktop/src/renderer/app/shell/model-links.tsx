import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Project } from '../project/project-context.ts'
import { useTRPC } from '../trpc/trpc.ts'

/** Models as children of Data, with how many records each has; shown while one is in the data pages' project and has any. */
export function ModelLinks({ project }: { project: Project }) {
  const trpc = useTRPC()
  const models = useQuery(trpc.models.list.queryOptions({ projectId: project.id }, { staleTime: 30_000 }))
  const counts = useQuery(trpc.models.counts.queryOptions({ projectId: project.id }, { staleTime: 30_000 }))
  const { i18n } = useTranslation()
  if (!models.data?.length) return null
  const short = new Intl.NumberFormat(i18n.language, { notation: 'compact' })
  return (
    <div className="ml-4 grid gap-px border-l border-sidebar-border pl-2">
      {models.data.map((model) => (
        <Link
          key={model.id}
          to="/projects/$slug/data/$model"
          params={{ slug: project.slug, model: model.slug }}
          activeOptions={{ includeSearch: false }}
          activeProps={{ className: 'bg-sidebar-accent text-foreground' }}
          className="flex h-6.5 items-center truncate rounded-md px-2 text-sm text-muted-foreground hover:bg-sidebar-accent hover:text-foreground"
        >
          <span className="min-w-0 flex-1 truncate">{model.name}</span>
          {counts.data ? (
            <span aria-hidden className="ml-2 text-2xs text-muted-foreground/80 tabular">
              {short.format(counts.data[model.id] ?? 0)}
            </span>
          ) : null}
        </Link>
      ))}
    </div>
  )
}
