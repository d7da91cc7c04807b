import type { DataRecord, Model, Revision } from '@m3m/core/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ChevronRightIcon, HistoryIcon, PencilIcon, PlusIcon, Trash2Icon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import { toast } from '@/ui/toaster.tsx'
import { ActorName } from './actor-name.tsx'
import { changesOf } from './revision-changes.ts'
import { ValueDiff } from './value-view.tsx'

const ICONS = { insert: PlusIcon, update: PencilIcon, delete: Trash2Icon } as const

/** What the record was: who changed what and when, and the way back. */
export function RevisionsTab({ model, record }: { model: Model; record: DataRecord }) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const where = { projectId: project.id, model: model.slug, id: record.id }
  const revisions = useQuery(
    trpc.records.revisions.queryOptions(where, { enabled: model.revisions, staleTime: 0 }),
  )
  const [opened, setOpened] = useState<number | null>(null)
  const [restored, setRestored] = useState<Revision | null>(null)
  if (!model.revisions)
    return (
      <EmptyState icon={<HistoryIcon />} title={t('record.noRevisions')}>
        {t('record.revisionsOff')}
      </EmptyState>
    )
  if (revisions.error)
    return <ErrorState error={revisions.error} onRetry={() => void revisions.refetch()} className="m-4" />
  if (!revisions.data) return <SkeletonRows rows={4} />
  const all = revisions.data as Revision[]
  if (all.length === 0)
    return (
      <EmptyState icon={<HistoryIcon />} title={t('record.noRevisions')}>
        {t('record.noRevisionsHint')}
      </EmptyState>
    )
  return (
    <>
      <ol className="mx-auto max-w-4xl divide-y">
        {all.map((revision, index) => (
          <RevisionRow
            key={revision.version}
            model={model}
            revision={revision}
            previous={all[index + 1]}
            isCurrent={revision.version === record.version}
            isOpen={(opened ?? all[0]!.version) === revision.version}
            onOpen={() => setOpened(opened === revision.version ? -1 : revision.version)}
            onRestore={() => setRestored(revision)}
          />
        ))}
      </ol>
      {restored ? (
        <RestoreDialog model={model} record={record} revision={restored} onClose={() => setRestored(null)} />
      ) : null}
    </>
  )
}

interface RevisionRowProps {
  model: Model
  revision: Revision
  previous: Revision | undefined
  isCurrent: boolean
  isOpen: boolean
  onOpen: () => void
  onRestore: () => void
}

function RevisionRow({ model, revision, previous, isCurrent, isOpen, onOpen, onRestore }: RevisionRowProps) {
  const { t } = useTranslation()
  const mayWrite = useMay('records:write')
  const changes = changesOf(model, revision, previous)
  const Icon = ICONS[revision.type]
  return (
    <li>
      <div className="flex min-h-11 items-center gap-2 px-4 py-1.5">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={onOpen}
          className="flex min-w-0 flex-1 items-center gap-2 rounded-xs text-left"
        >
          <ChevronRightIcon
            className={cn(
              'size-3.5 shrink-0 text-muted-foreground transition-transform',
              isOpen && 'rotate-90',
            )}
          />
          <Icon className="size-3.5 shrink-0 text-muted-foreground" />
          <span className="w-8 shrink-0 font-mono text-xs text-muted-foreground tabular">
            v{revision.version}
          </span>
          <span className="grid min-w-0">
            <span className="flex min-w-0 flex-wrap items-center gap-x-2 text-sm">
              <ActorName actor={revision.actor} />
              <TimeAgo at={revision.at} className="text-xs text-muted-foreground" />
            </span>
            <span className="truncate text-xs text-muted-foreground">
              {revision.type === 'insert'
                ? t('record.wasCreated')
                : changes.map(({ field }) => field.label ?? field.key).join(', ')}
            </span>
          </span>
        </button>
        {isCurrent ? (
          <span className="rounded-sm border px-1.5 text-2xs text-muted-foreground">
            {t('record.current')}
          </span>
        ) : mayWrite && revision.type !== 'delete' ? (
          <Button variant="outline" size="sm" onClick={onRestore}>
            {t('record.restore')}
          </Button>
        ) : null}
      </div>
      {isOpen ? (
        <dl className="grid gap-2 px-4 pb-3 pl-10">
          {changes.map(({ field, before, after }) => (
            <div key={field.key} className="grid gap-0.5 sm:grid-cols-[8rem_1fr] sm:gap-2">
              <dt className="truncate text-xs text-muted-foreground">{field.label ?? field.key}</dt>
              <dd className="min-w-0">
                <ValueDiff field={field} before={before} after={after} isFirst={revision.type === 'insert'} />
              </dd>
            </div>
          ))}
          {changes.length === 0 ? (
            <p className="text-xs text-muted-foreground">{t('record.noChange')}</p>
          ) : null}
        </dl>
      ) : null}
    </li>
  )
}

function RestoreDialog({
  model,
  record,
  revision,
  onClose,
}: {
  model: Model
  record: DataRecord
  revision: Revision
  onClose: () => void
}) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const current = { ...revision, type: 'update' as const, record: record as Record<string, unknown> }
  const changes = changesOf(model, { ...revision, type: 'update' }, current)
  const restore = useMutation(
    trpc.records.restore.mutationOptions({
      meta: { showsError: true },
      onSuccess: async () => {
        toast.success(t('record.restored', { version: revision.version }))
        onClose()
        await queryClient.invalidateQueries({ queryKey: trpc.records.pathKey() })
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('record.restoreTitle', { version: revision.version })}
      description={t('record.restoreHint', { count: changes.length })}
      action={t('record.restore')}
      isDestructive={false}
      isPending={restore.isPending}
      onConfirm={() =>
        restore.mutate({ projectId: project.id, model: model.slug, id: record.id, version: revision.version })
      }
    >
      <ul className="max-h-72 divide-y overflow-y-auto rounded-md border empty:hidden">
        {changes.map(({ field, before, after }) => (
          <li key={field.key} className="grid gap-0.5 px-3 py-2">
            <span className="text-xs font-medium">{field.label ?? field.key}</span>
            <ValueDiff field={field} before={before} after={after} />
          </li>
        ))}
      </ul>
      {restore.error ? <ErrorState error={restore.error} /> : null}
    </ConfirmDialog>
  )
}
