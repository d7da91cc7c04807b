import type { DataRecord, Model } from '@m3m/core/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { BracesIcon, CopyIcon, EllipsisIcon, HashIcon, Trash2Icon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { toastError } from '@/app/errors/toast-error.ts'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC, useTRPCClient } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@/ui/menu.tsx'
import { toast } from '@/ui/toaster.tsx'
import { recordLabel } from '../record-label.ts'

interface RecordActionsProps {
  model: Model
  record: DataRecord
  /** Without it the record cannot be duplicated from here. */
  onDuplicate?: () => void
  onRemoved: () => void
}

/** What can be done with a whole record. */
export function RecordActions({ model, record, onDuplicate, onRemoved }: RecordActionsProps) {
  const { t } = useTranslation()
  const mayWrite = useMay('records:write')
  const [isRemoving, setRemoving] = useState(false)
  const copy = (text: string) =>
    void navigator.clipboard.writeText(text).then(() => toast.success(t('action.copied')), toastError)
  const { expand: _expand, _id, ...plain } = record
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button variant="ghost" size="icon" className="text-muted-foreground" aria-label={t('record.menu')}>
            <EllipsisIcon />
          </Button>
        </MenuTrigger>
        <MenuContent align="end">
          {mayWrite && onDuplicate ? (
            <MenuItem onSelect={onDuplicate}>
              <CopyIcon /> {t('record.duplicate')}
            </MenuItem>
          ) : null}
          <MenuItem onSelect={() => copy(JSON.stringify(plain, null, 2))}>
            <BracesIcon /> {t('record.copyJson')}
          </MenuItem>
          <MenuItem onSelect={() => copy(record.id)}>
            <HashIcon /> {t('record.copyId')}
          </MenuItem>
          {mayWrite ? (
            <>
              <MenuSeparator />
              <MenuItem variant="destructive" onSelect={() => setRemoving(true)}>
                <Trash2Icon /> {t('data.removeRecord')}
              </MenuItem>
            </>
          ) : null}
        </MenuContent>
      </Menu>
      {isRemoving ? (
        <RemoveRecordDialog
          model={model}
          record={record}
          onClose={() => setRemoving(false)}
          onRemoved={onRemoved}
        />
      ) : null}
    </>
  )
}

interface RemoveRecordDialogProps extends RecordActionsProps {
  onClose: () => void
}

function RemoveRecordDialog({ model, record, onClose, onRemoved }: RemoveRecordDialogProps) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const where = { projectId: project.id, model: model.slug, id: record.id }
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.records.pathKey() })
  const undo = () => void client.records.restore.mutate(where).then(refresh, toastError)
  const remove = useMutation(
    trpc.records.remove.mutationOptions({
      meta: { showsError: true },
      onSuccess: async () => {
        toast.success(
          t(model.trash ? 'record.trashed' : 'data.recordRemoved'),
          model.trash ? { action: { label: t('action.undo'), onClick: undo }, durationMs: 10_000 } : {},
        )
        onRemoved()
        await refresh()
        await queryClient.invalidateQueries({ queryKey: trpc.models.counts.queryKey() })
      },
    }),
  )
  const label = recordLabel(model, record)
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('data.removeRecordTitle')}
      description={
        model.trash
          ? t('record.trashHint', { name: label, count: model.trash.days })
          : t('data.removeRecordHint', { id: label })
      }
      action={t('data.removeRecord')}
      isPending={remove.isPending}
      onConfirm={() => remove.mutate(where)}
    >
      {remove.error ? <ErrorState error={remove.error} /> : null}
    </ConfirmDialog>
  )
}
