import type { Model } from '@m3m/core/client'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import type { dataSearch } from '@/app/search.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { cn } from '@/ui/cn.ts'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { RecordsTab } from './records-tab.tsx'
import { ConversionBanner } from './schema/conversion-banner.tsx'

// Looked at now and then; the records do not wait for their editors.
const SchemaTab = lazy(() => import('./schema-tab.tsx').then((m) => ({ default: m.SchemaTab })))
const FormEditor = lazy(() => import('./form/form-editor.tsx').then((m) => ({ default: m.FormEditor })))
const SettingsTab = lazy(() => import('./schema/settings-tab.tsx').then((m) => ({ default: m.SettingsTab })))
const TableEditor = lazy(() => import('./table/table-editor.tsx').then((m) => ({ default: m.TableEditor })))
const CallTab = lazy(() => import('./calling/call-tab.tsx').then((m) => ({ default: m.CallTab })))
const TrashTab = lazy(() => import('./trash/trash-tab.tsx').then((m) => ({ default: m.TrashTab })))

/** One model: its records first, its schema second. */
export function ModelPage() {
  const project = useProject()
  const { model: slug } = useParams({ from: '/projects/$slug/data/$model' })
  const { tab } = useSearch({ from: '/projects/$slug/data/$model' })
  const trpc = useTRPC()
  const model = useQuery(trpc.models.get.queryOptions({ projectId: project.id, model: slug }))
  if (model.error)
    return <ErrorState error={model.error} onRetry={() => void model.refetch()} className="m-4 sm:m-6" />
  if (!model.data) return <SkeletonRows rows={8} />
  return (
    <div className="flex h-full min-h-0 flex-col">
      <ModelTitle model={model.data} tab={tab} />
      <ConversionBanner modelId={model.data.id} />
      <Suspense fallback={<SkeletonRows rows={8} />}>
        <ModelTab model={model.data} tab={tab} />
      </Suspense>
    </div>
  )
}

/** Records first; then, as they stand in the bar. */
const TABS = ['schema', 'form', 'table', 'api', 'settings', 'trash'] as const
type Tab = (typeof TABS)[number] | undefined

function ModelTab({ model, tab }: { model: Model; tab: Tab }) {
  // Editors begin anew with each version that was saved.
  if (tab === 'schema') return <SchemaTab key={model.version} model={model} />
  if (tab === 'form') return <FormEditor key={model.version} model={model} />
  if (tab === 'table') return <TableEditor key={model.version} model={model} />
  if (tab === 'api') return <CallTab model={model} />
  if (tab === 'settings') return <SettingsTab key={model.version} model={model} />
  if (tab === 'trash') return <TrashTab model={model} />
  return <RecordsTab key={model.id} model={model} />
}

function ModelTitle({ model, tab }: { model: Model; tab: Tab }) {
  const { t } = useTranslation()
  const { slug } = useProject()
  const params = { slug, model: model.slug }
  const shown = tableOf(useSearch({ from: '/projects/$slug/data/$model' }))
  const tabClass = (isCurrent: boolean) =>
    cn(
      'relative flex h-full shrink-0 items-center px-1 text-sm whitespace-nowrap text-muted-foreground hover:text-foreground',
      isCurrent &&
        'font-medium text-foreground after:absolute after:inset-x-0 after:-bottom-px after:h-0.5 after:bg-foreground',
    )
  return (
    <header className="flex h-11 shrink-0 items-center gap-4 border-b px-4">
      {/* On a phone the breadcrumb says it, and the tabs need the room. */}
      <h1 className="min-w-0 truncate text-base font-semibold max-sm:sr-only" title={model.name}>
        {model.name}
      </h1>
      <code className="hidden min-w-0 shrink-[2] truncate text-muted-foreground md:inline">
        database.{model.slug}
      </code>
      <div
        role="tablist"
        aria-label={model.name}
        className="ml-auto flex h-full min-w-0 gap-4 overflow-x-auto sm:shrink-0"
      >
        {([undefined, ...TABS] as const)
          .filter((one) => one !== 'trash' || model.trash !== null || tab === 'trash')
          .map((one) => (
            <Link
              key={one ?? 'records'}
              role="tab"
              aria-selected={tab === one}
              to="/projects/$slug/data/$model"
              params={params}
              search={{ ...shown, ...(one && { tab: one }) }}
              className={tabClass(tab === one)}
            >
              {t(one ? `schema.tab.${one}` : 'data.records')}
            </Link>
          ))}
      </div>
    </header>
  )
}

/** How the table is shown goes along from tab to tab; what is open over it does not. */
function tableOf({
  view,
  filter,
  search,
  sort,
}: ReturnType<typeof dataSearch>): ReturnType<typeof dataSearch> {
  return {
    ...(view !== undefined && { view }),
    ...(filter !== undefined && { filter }),
    ...(search !== undefined && { search }),
    ...(sort !== undefined && { sort }),
  }
}
