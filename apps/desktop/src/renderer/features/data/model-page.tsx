import type { Model } from '@m3m/core/client'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { cn } from '@/ui/cn.ts'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { RecordsTab } from './records-tab.tsx'
import { SchemaTab } from './schema-tab.tsx'

/** One model: its records first, its schema second. */
export function ModelPage() {
  const project = useProject()
  const { model: slug } = useParams({ from: '/projects/$slug/data/$model' })
  const { view } = useSearch({ from: '/projects/$slug/data/$model' })
  const trpc = useTRPC()
  const model = useQuery(trpc.models.get.queryOptions({ projectId: project.id, model: slug }))
  if (model.error) return <ErrorState error={model.error} onRetry={() => void model.refetch()} className="m-4 sm:m-6" />
  if (!model.data) return <SkeletonRows rows={8} />
  return (
    <div className="flex h-full min-h-0 flex-col">
      <ModelTitle model={model.data} view={view} />
      {view === 'schema' ? (
        <SchemaTab key={model.data.version} model={model.data} />
      ) : (
        <RecordsTab key={model.data.id} model={model.data} />
      )}
    </div>
  )
}

function ModelTitle({ model, view }: { model: Model; view: string | undefined }) {
  const { t } = useTranslation()
  const { slug } = useProject()
  const params = { slug, model: model.slug }
  const tabClass = (isCurrent: boolean) =>
    cn(
      'relative flex h-full items-center px-1 text-sm text-muted-foreground hover:text-foreground',
      isCurrent && 'font-medium text-foreground after:absolute after:inset-x-0 after:-bottom-px after:h-0.5 after:bg-foreground',
    )
  return (
    <header className="flex h-11 shrink-0 items-center gap-4 border-b px-4">
      <h1 className="truncate text-base font-semibold">{model.name}</h1>
      <code className="hidden text-muted-foreground sm:inline">database.{model.slug}</code>
      <div role="tablist" aria-label={model.name} className="ml-auto flex h-full gap-4">
        <Link role="tab" aria-selected={!view} to="/projects/$slug/data/$model" params={params} search={{}} className={tabClass(!view)}>
          {t('data.records')}
        </Link>
        <Link
          role="tab"
          aria-selected={view === 'schema'}
          to="/projects/$slug/data/$model"
          params={params}
          search={{ view: 'schema' }}
          className={tabClass(view === 'schema')}
        >
          {t('data.schema')}
        </Link>
      </div>
    </header>
  )
}
