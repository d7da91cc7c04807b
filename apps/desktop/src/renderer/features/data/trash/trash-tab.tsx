import type { DataRecord, Model } from '@m3m/core/client'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ChevronLeftIcon, ChevronRightIcon, Trash2Icon, Undo2Icon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { toastError } from '@/app/errors/toast-error.ts'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC, useTRPCClient } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { Checkbox } from '@/ui/checkbox.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/ui/table.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import { toast } from '@/ui/toaster.tsx'
import { recordLabel } from '../record-label.ts'
import { ActorName } from '../revisions/actor-name.tsx'

const PAGE_SIZE = 50
const DAY_MS = 86_400_000

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
      <div
        role="toolbar"
        aria-label={t('trash.title')}
        className="flex shrink-0 flex-wrap items-center gap-2 border-b px-3 py-1.5"
      >
        <span className="min-w-40 flex-1 text-sm text-muted-foreground">
          {t('data.count', { count: total })} ·{' '}
          {model.trash ? t('trash.retention', { count: days }) : t('trash.off')}
        </span>
        <Pager page={page} pages={pages} onPage={setPage} />
        {mayWrite && chosen.size > 0 ? (
          <>
            <Button
              variant="outline"
              disabled={actions.isPending}
              onClick={() => actions.restore([...chosen])}
            >
              <Undo2Icon /> {t('trash.restoreChosen', { count: chosen.size })}
            </Button>
            <Button variant="danger" onClick={() => setAsked('chosen')}>
              {t('trash.deleteChosen', { count: chosen.size })}
            </Button>
          </>
        ) : null}
        {mayWrite ? (
          <Button variant="danger" onClick={() => setAsked('all')}>
            {t('trash.emptyAll')}
          </Button>
        ) : null}
      </div>
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

interface TrashTableProps {
  model: Model
  items: readonly DataRecord[]
  chosen: ReadonlySet<string>
  onChosen: (chosen: ReadonlySet<string>) => void
  onRestore: (id: string) => void
  mayWrite: boolean
}

function TrashTable({ model, items, chosen, onChosen, onRestore, mayWrite }: TrashTableProps) {
  const { t } = useTranslation()
  const isAll = items.length > 0 && items.every(({ id }) => chosen.has(id))
  const toggle = (id: string, isOn: boolean) => {
    const next = new Set(chosen)
    if (isOn) next.add(id)
    else next.delete(id)
    onChosen(next)
  }
  return (
    <Table>
      <TableHeader>
        <TableRow className="hover:bg-transparent">
          {mayWrite ? (
            <TableHead className="w-8">
              <Checkbox
                checked={isAll}
                aria-label={t('trash.chooseAll')}
                onCheckedChange={(isOn) =>
                  onChosen(isOn === true ? new Set(items.map(({ id }) => id)) : new Set())
                }
              />
            </TableHead>
          ) : null}
          <TableHead>{t('trash.record')}</TableHead>
          <TableHead className="hidden sm:table-cell">{t('trash.by')}</TableHead>
          <TableHead>{t('trash.at')}</TableHead>
          <TableHead className="hidden md:table-cell">{t('trash.until')}</TableHead>
          <TableHead className="w-px" />
        </TableRow>
      </TableHeader>
      <TableBody>
        {items.map((record) => {
          const label = recordLabel(model, record)
          const at = String(record['_trashedAt'])
          return (
            <TableRow key={record.id}>
              {mayWrite ? (
                <TableCell>
                  <Checkbox
                    checked={chosen.has(record.id)}
                    aria-label={t('trash.choose', { name: label })}
                    onCheckedChange={(isOn) => toggle(record.id, isOn === true)}
                  />
                </TableCell>
              ) : null}
              <TableCell className="max-w-64 truncate">
                {label}{' '}
                {label === record.id ? null : (
                  <code className="ml-1 text-2xs text-muted-foreground">{record.id.slice(-6)}</code>
                )}
              </TableCell>
              <TableCell className="hidden text-muted-foreground sm:table-cell">
                <ActorName actor={record['_trashedBy']} />
              </TableCell>
              <TableCell className="text-muted-foreground">
                <TimeAgo at={at} />
              </TableCell>
              <TableCell className="hidden text-muted-foreground md:table-cell">
                {model.trash ? (
                  <TimeAgo at={new Date(Date.parse(at) + model.trash.days * DAY_MS).toISOString()} isAhead />
                ) : (
                  '–'
                )}
              </TableCell>
              <TableCell>
                {mayWrite ? (
                  <Button
                    variant="ghost"
                    size="sm"
                    aria-label={t('trash.restoreOne', { name: label })}
                    onClick={() => onRestore(record.id)}
                  >
                    <Undo2Icon className="size-3.5" /> {t('record.restore')}
                  </Button>
                ) : null}
              </TableCell>
            </TableRow>
          )
        })}
      </TableBody>
    </Table>
  )
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
