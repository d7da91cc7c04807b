import type { DataRecord, Model } from '@m3m/core/client'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ChevronLeftIcon, ChevronRightIcon, Trash2Icon, Undo2Icon } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { toastError } from '@/app/errors/toast-error.ts'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC, useTRPCClient } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { toast } from '@/ui/toaster.tsx'
import { TrashTable } from './trash-table.tsx'

const PAGE_SIZE = 50

/** Removed records of a model, while they can be brought back. */
export function TrashTab({ model }: { model: Model }) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const mayWrite = useMay('records:write')
  const [page, setPage] = useState(1)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [asked, setAsked] = useState<'chosen' | 'all' | null>(null)
  const actions = useTrashActions(model, () => setChosen(new Set()))
  const trash = useQuery(
    trpc.records.list.queryOptions(
      {
        projectId: project.id,
        model: model.slug,
        trashed: true,
        sort: '-_trashedAt',
        page,
        pageSize: PAGE_SIZE,
      },
      { placeholderData: keepPreviousData, staleTime: 0 },
    ),
  )
  if (trash.error)
    return <ErrorState error={trash.error} onRetry={() => void trash.refetch()} className="m-4" />
  if (!trash.data) return <SkeletonRows rows={6} />
  const { items, total, pages } = trash.data
  const days = model.trash?.days ?? 0
  if (total === 0)
    return (
      <EmptyState icon={<Trash2Icon />} title={t('trash.empty')}>
        {model.trash ? t('trash.emptyHint', { count: days }) : t('trash.off')}
      </EmptyState>
    )
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <TrashBar
        model={model}
        total={total}
        chosen={chosen.size}
        isBusy={actions.isPending}
        mayWrite={mayWrite}
        onRestore={() => actions.restore([...chosen])}
        onAsk={setAsked}
      >
        <Pager page={page} pages={pages} onPage={setPage} />
      </TrashBar>
      <div className="min-h-0 flex-1 overflow-auto">
        <TrashTable
          model={model}
          items={items as DataRecord[]}
          chosen={chosen}
          onChosen={setChosen}
          onRestore={(id) => actions.restore([id])}
          mayWrite={mayWrite}
        />
      </div>
      {asked ? (
        <ConfirmDialog
          open
          onOpenChange={() => setAsked(null)}
          title={t(asked === 'all' ? 'trash.emptyTitle' : 'trash.deleteTitle')}
          description={t('trash.deleteHint', { count: asked === 'all' ? total : chosen.size })}
          action={asked === 'all' ? t('trash.emptyAll') : t('trash.deleteChosen', { count: chosen.size })}
          isPending={actions.isPending}
          onConfirm={() => actions.remove(asked === 'all' ? null : [...chosen], () => setAsked(null))}
        />
      ) : null}
    </div>
  )
}

interface TrashBarProps {
  model: Model
  total: number
  /** How many are chosen. */
  chosen: number
  isBusy: boolean
  mayWrite: boolean
  onRestore: () => void
  onAsk: (what: 'chosen' | 'all') => void
  children: ReactNode
}

/** How much there is, how long it stays, and what can be done with it. */
function TrashBar({ model, total, chosen, isBusy, mayWrite, onRestore, onAsk, children }: TrashBarProps) {
  const { t } = useTranslation()
  return (
    <div
      role="toolbar"
      aria-label={t('trash.title')}
      className="flex shrink-0 flex-wrap items-center gap-2 border-b px-3 py-1.5"
    >
      <span className="min-w-40 flex-1 text-sm text-muted-foreground">
        {t('data.count', { count: total })} ·{' '}
        {model.trash ? t('trash.retention', { count: model.trash.days }) : t('trash.off')}
      </span>
      {children}
      {mayWrite && chosen > 0 ? (
        <>
          <Button variant="outline" disabled={isBusy} onClick={onRestore}>
            <Undo2Icon /> {t('trash.restoreChosen', { count: chosen })}
          </Button>
          <Button variant="danger" onClick={() => onAsk('chosen')}>
            {t('trash.deleteChosen', { count: chosen })}
          </Button>
        </>
      ) : null}
      {mayWrite ? (
        <Button variant="danger" onClick={() => onAsk('all')}>
          {t('trash.emptyAll')}
        </Button>
      ) : null}
    </div>
  )
}

function useTrashActions(model: Model, onDone: () => void) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const where = { projectId: project.id, model: model.slug }
  const settle = async () => {
    onDone()
    await queryClient.invalidateQueries({ queryKey: trpc.records.pathKey() })
    await queryClient.invalidateQueries({ queryKey: trpc.models.counts.queryKey() })
  }
  const restore = useMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (const id of ids) await client.records.restore.mutate({ ...where, id })
      return ids.length
    },
    onSuccess: (count) => toast.success(t('trash.restored', { count })),
    onError: toastError,
    // Of several, those before the one that was refused are back.
    onSettled: settle,
    meta: { showsError: true },
  })
  const remove = useMutation(
    trpc.records.emptyTrash.mutationOptions({
      onSuccess: ({ removed }) => toast.success(t('trash.removed', { count: removed })),
      onSettled: settle,
    }),
  )
  return {
    isPending: restore.isPending || remove.isPending,
    restore: (ids: readonly string[]) => restore.mutate(ids),
    remove: (ids: readonly string[] | null, then: () => void) =>
      remove.mutate({ ...where, ...(ids && { ids: [...ids] }) }, { onSettled: then }),
  }
}

function Pager({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  const { t } = useTranslation()
  if (pages <= 1) return null
  return (
    <span className="flex items-center gap-1 text-xs text-muted-foreground tabular">
      <Button
        variant="ghost"
        size="icon"
        disabled={page <= 1}
        aria-label={t('data.previousPage')}
        onClick={() => onPage(page - 1)}
      >
        <ChevronLeftIcon />
      </Button>
      {t('data.page', { page, pages })}
      <Button
        variant="ghost"
        size="icon"
        disabled={page >= pages}
        aria-label={t('data.nextPage')}
        onClick={() => onPage(page + 1)}
      >
        <ChevronRightIcon />
      </Button>
    </span>
  )
}
