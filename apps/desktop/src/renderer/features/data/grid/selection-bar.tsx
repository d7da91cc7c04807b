import type { Model } from '@m3m/core/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Trash2Icon, XIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toastError } from '@/app/errors/toast-error.ts'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, useTRPCClient } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { toast } from '@/ui/toaster.tsx'

/** Records that one call takes (records.schema.ts, MAX_BATCH). */
const BATCH = 1_000

interface SelectionBarProps {
  model: Model
  ids: readonly string[]
  onDone: () => void
}

/** What can be done with the chosen records; takes the place of the toolbar while there are some. */
export function SelectionBar({ model, ids, onDone }: SelectionBarProps) {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const [isAsked, setAsked] = useState(false)
  const hasTrash = model.trash !== null
  const changed = () => queryClient.invalidateQueries({ queryKey: trpc.records.pathKey() })
  const each = async (work: (ids: string[]) => Promise<unknown>) => {
    for (let at = 0; at < ids.length; at += BATCH) await work(ids.slice(at, at + BATCH))
  }
  const restore = () =>
    void each((part) => client.records.restoreMany.mutate({ projectId, model: model.slug, ids: part }))
      .then(changed)
      .catch(toastError)
  const remove = useMutation({
    mutationFn: () =>
      each(async (part) => {
        const report = await client.records.removeMany.mutate({ projectId, model: model.slug, ids: part })
        const [problem] = report.problems
        if (problem)
          toast.error(t('data.grid.notRemoved', { count: report.refused }), { description: problem.message })
      }),
    async onSuccess() {
      setAsked(false)
      onDone()
      await changed()
      toast.success(t('data.grid.removed', { count: ids.length }), {
        ...(hasTrash && { action: { label: t('data.grid.undo'), onClick: restore } }),
      })
    },
    onError: toastError,
  })
  return (
    <div
      role="toolbar"
      aria-label={t('data.grid.chosen', { count: ids.length })}
      className="flex shrink-0 items-center gap-2 border-b bg-accent/50 px-3 py-1.5"
    >
      <span className="text-sm font-medium tabular" role="status">
        {t('data.grid.chosen', { count: ids.length })}
      </span>
      <Button variant="outline" className="ml-auto" onClick={() => setAsked(true)}>
        <Trash2Icon /> {t('data.grid.remove')}
      </Button>
      <Button variant="ghost" size="icon" aria-label={t('data.grid.clear')} onClick={onDone}>
        <XIcon />
      </Button>
      <ConfirmDialog
        open={isAsked}
        onOpenChange={setAsked}
        title={t('data.grid.removeTitle', { count: ids.length })}
        description={t(hasTrash ? 'data.grid.removeToTrash' : 'data.grid.removeForGood')}
        action={t('data.grid.remove')}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate()}
      />
    </div>
  )
}
