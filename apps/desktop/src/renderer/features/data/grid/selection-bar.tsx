import type { Model } from '@m3m/core/client'
import { SquarePenIcon, Trash2Icon, XIcon } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toastError } from '@/app/errors/toast-error.ts'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, useTRPCClient } from '@/app/trpc/trpc.ts'
import { useQueryClient } from '@tanstack/react-query'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { toast } from '@/ui/toaster.tsx'
import { BulkProgress } from './bulk-progress.tsx'
import { useBulkWork, type BulkWork } from './bulk-work.ts'
import { ExportMenu } from './export-menu.tsx'
import { chosenCount, EVERYTHING, type Selection } from './selection.ts'
import type { Shown } from './view-state.ts'

/** The controls of all types come along with it. */
const BulkEditDialog = lazy(() =>
  import('./bulk-edit-dialog.tsx').then((m) => ({ default: m.BulkEditDialog })),
)

/** Deleting more than this for good asks for the model's name. */
const MANY = 1_000
/** A button to take it back is there so long. */
const UNDO_MS = 15_000

interface SelectionBarProps {
  model: Model
  selection: Selection
  onSelection: (selection: Selection) => void
  shown: Shown
  /** Keys of the columns that are seen. */
  fields: readonly string[]
  total: number
  /** More than `total` match. */
  isAtLeast: boolean
  onDone: () => void
}

/** What can be done with the chosen records; takes the place of the toolbar while there are some. */
export function SelectionBar({
  model,
  selection,
  onSelection,
  shown,
  fields,
  total,
  isAtLeast,
  onDone,
}: SelectionBarProps) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<'remove' | 'edit' | null>(null)
  const work = useBulkWork(model, selection, shown)
  const count = chosenCount(selection, total)
  const remove = useBulkRemove(model, work, () => {
    setAsked(null)
    onDone()
  })
  const isMore = isAtLeast && selection.isAll
  const text = t(isMore ? 'grid.chosenAtLeast' : 'data.grid.chosen', { count })
  return (
    <div
      role="toolbar"
      aria-label={text}
      className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-b bg-accent/50 px-3 py-1.5"
    >
      <span className="text-sm font-medium tabular" role="status">
        {text}
      </span>
      {selection.isAll || count >= total ? null : (
        <Button variant="link" size="sm" onClick={() => onSelection(EVERYTHING)}>
          {t(isAtLeast ? 'grid.chooseAtLeast' : 'grid.chooseMatching', { count: total })}
        </Button>
      )}
      <div className="ml-auto flex items-center gap-2">
        <Button variant="outline" onClick={() => setAsked('edit')}>
          <SquarePenIcon /> <span className="max-sm:sr-only">{t('grid.editChosen')}</span>
        </Button>
        <ExportMenu model={model.slug} set={{ ...shown, fields }} selection={selection} />
        <Button variant="danger" onClick={() => setAsked('remove')}>
          <Trash2Icon /> <span className="max-sm:sr-only">{t('data.grid.remove', { count })}</span>
        </Button>
        <Button variant="ghost" size="icon" aria-label={t('data.grid.clear')} onClick={onDone}>
          <XIcon />
        </Button>
      </div>
      {asked === 'remove' ? (
        <ConfirmDialog
          open
          onOpenChange={() => setAsked(null)}
          title={t(isMore ? 'grid.removeAtLeast' : 'data.grid.removeTitle', { count })}
          description={t(model.trash ? 'data.grid.removeToTrash' : 'data.grid.removeForGood', { count })}
          action={t('data.grid.remove', { count })}
          isPending={work.progress !== null || remove.isPending}
          {...(!model.trash && count > MANY && { typeToConfirm: model.name })}
          onConfirm={remove.start}
        >
          <BulkProgress work={work} />
        </ConfirmDialog>
      ) : null}
      {asked === 'edit' ? (
        <Suspense>
          <BulkEditDialog
            model={model}
            count={count}
            isAtLeast={isMore}
            work={work}
            onClose={() => setAsked(null)}
            onDone={onDone}
          />
        </Suspense>
      ) : null}
    </div>
  )
}

function useBulkRemove(model: Model, work: BulkWork, onDone: () => void) {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const [isPending, setPending] = useState(false)
  const where = { projectId, model: model.slug }
  const restore = (ids: readonly string[]) =>
    void work
      .run(ids, (part) => client.records.restoreMany.mutate({ ...where, ids: part }))
      .then(() => queryClient.invalidateQueries({ queryKey: trpc.records.pathKey() }))
      .catch(toastError)
  const remove = async () => {
    const outcome = await work.run(await work.ids(), (part) =>
      client.records.removeMany.mutate({ ...where, ids: part }),
    )
    const [problem] = outcome.problems
    if (problem)
      toast.error(t('data.grid.notRemoved', { count: outcome.refused }), { description: problem.message })
    onDone()
    if (outcome.done > 0)
      toast.success(t('data.grid.removed', { count: outcome.done }), {
        ...(model.trash && {
          durationMs: UNDO_MS,
          action: { label: t('data.grid.undo'), onClick: () => restore(outcome.ids) },
        }),
      })
  }
  return {
    isPending,
    start: () => {
      setPending(true)
      void remove()
        .catch(toastError)
        .finally(() => setPending(false))
    },
  }
}
