import type { DataRecord, Field, Model } from '@m3m/core/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { LinkIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { recordLabel } from '../record-label.ts'

const SHOWN = 5

/** Which records of other models point at this one. */
export function ReferencesTab({ model, record }: { model: Model; record: DataRecord }) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const models = useQuery(trpc.models.list.queryOptions({ projectId: project.id }))
  if (models.error)
    return <ErrorState error={models.error} onRetry={() => void models.refetch()} className="m-4" />
  if (!models.data) return <SkeletonRows rows={3} />
  const refs = models.data.flatMap((from) =>
    from.fields.filter(({ refModel }) => refModel === model.slug).map((field) => ({ from, field })),
  )
  if (refs.length === 0)
    return (
      <EmptyState icon={<LinkIcon />} title={t('record.noReferences')}>
        {t('record.noReferencesHint', { name: model.name })}
      </EmptyState>
    )
  return (
    <ul className="mx-auto grid max-w-4xl grid-cols-1 gap-3 p-4">
      {refs.map(({ from, field }) => (
        <BackReference key={`${from.id}.${field.key}`} from={from} field={field} record={record} />
      ))}
    </ul>
  )
}

function BackReference({ from, field, record }: { from: Model; field: Field; record: DataRecord }) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const found = useQuery(
    trpc.records.list.queryOptions({
      projectId: project.id,
      model: from.slug,
      filter: { [field.key]: record.id },
      pageSize: SHOWN,
    }),
  )
  const to = { to: '/projects/$slug/data/$model', params: { slug: project.slug, model: from.slug } } as const
  const total = found.data?.total ?? 0
  return (
    <li className="min-w-0 rounded-md border">
      <div className="flex min-h-9 items-center gap-2 px-3 py-1">
        <span className="min-w-0 truncate text-sm font-medium">{from.name}</span>
        <code className="truncate text-xs text-muted-foreground">
          {from.slug}.{field.key}
        </code>
        <span className="ml-auto shrink-0 text-xs text-muted-foreground">
          {t(`record.onDelete.${field.onDelete ?? 'restrict'}`)}
        </span>
      </div>
      {found.error ? <ErrorState error={found.error} className="m-3" /> : null}
      {total > 0 ? (
        <ul className="border-t">
          {found.data!.items.map((item) => (
            <li key={item.id}>
              <Link
                {...to}
                search={{ record: item.id }}
                className="flex h-8 items-center gap-2 px-3 text-sm hover:bg-accent"
              >
                <span className="min-w-0 truncate">{recordLabel(from, item as DataRecord)}</span>
                <code className="ml-auto shrink-0 text-2xs text-muted-foreground">{item.id.slice(-6)}</code>
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
      <div className="flex min-h-9 items-center justify-between border-t px-3 text-xs text-muted-foreground">
        {found.isPending ? '…' : t('data.count', { count: total })}
        {total > SHOWN ? (
          <Button asChild variant="ghost" size="sm">
            <Link {...to} search={{ filter: `${field.key} in ("${record.id}")` }}>
              {t('record.openList')}
            </Link>
          </Button>
        ) : null}
      </div>
    </li>
  )
}
