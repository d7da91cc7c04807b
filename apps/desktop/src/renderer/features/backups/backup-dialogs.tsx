import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { hasErrorCode } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useTRPC, useTRPCClient } from '@/app/trpc/trpc.ts'
import { formatBytes, formatDateTime } from '@/i18n/format.ts'
import { Checkbox } from '@/ui/checkbox.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { Dialog, DialogContent, DialogHeader } from '@/ui/dialog.tsx'
import type { Backup } from './backup-table.tsx'
import type { Backups } from './backups-page.tsx'

interface DialogProps {
  backup: Backup
  onClose: () => void
}

export function RemoveBackupDialog({ backup: { name, sizeBytes }, onClose }: DialogProps) {
  const { t, i18n } = useTranslation()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const remove = useMutation(
    trpc.agent.backup.remove.mutationOptions({
      meta: { showsError: true },
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.agent.backup.pathKey() })
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('backups.removeTitle')}
      description={t('backups.removeHint', { name, size: formatBytes(sizeBytes, i18n.language) })}
      action={t('backups.removeAction')}
      typeToConfirm={name}
      isPending={remove.isPending}
      onConfirm={() => remove.mutate({ name, confirmName: name })}
    >
      {remove.error ? <ErrorState error={remove.error} /> : null}
    </ConfirmDialog>
  )
}

export function RestoreDialog({ backup, view, onClose }: DialogProps & { view: Backups }) {
  const { t } = useTranslation()
  const [withoutSecrets, setWithoutSecrets] = useState(false)
  const restore = useRestore()
  const { name, createdAt } = backup
  const hint = t('backups.restoreHint', { at: formatDateTime(createdAt) })
  if (!view.mayRestore) return <ByHand file={`${view.folder}/${name}`} hint={hint} onClose={onClose} />
  if (restore.isSuccess) return <Restarting life={restore.data} />
  const lacksKey = withoutSecrets || hasErrorCode(restore.error, 'BACKUP_WRONG_KEY')
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('backups.restoreTitle')}
      description={hint}
      action={t('backups.restoreAction')}
      typeToConfirm={name}
      isPending={restore.isPending}
      onConfirm={() => restore.mutate({ name, confirmName: name, withoutSecrets })}
    >
      {restore.error ? <ErrorState error={restore.error} /> : null}
      {lacksKey ? (
        <label className="flex items-start gap-2 text-sm">
          <Checkbox
            checked={withoutSecrets}
            onCheckedChange={(isOn) => setWithoutSecrets(isOn === true)}
            className="mt-0.5"
          />
          {t('backups.withoutSecrets')}
        </label>
      ) : null}
    </ConfirmDialog>
  )
}

/** Gives the agent's life that ends with it. */
function useRestore() {
  const client = useTRPCClient()
  return useMutation({
    meta: { showsError: true },
    mutationFn: async (input: { name: string; confirmName: string; withoutSecrets: boolean }) => {
      const { life } = await client.agent.info.query()
      await client.agent.backup.restore.mutate(input)
      return life
    },
  })
}

/** Where nothing starts the agent again. */
function ByHand({ file, hint, onClose }: { file: string; hint: string; onClose: () => void }) {
  const { t } = useTranslation()
  const command = `m3m-agent restore '${file}'`
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <DialogHeader title={t('backups.restoreTitle')} description={hint} />
        <p className="text-sm">{t('backups.byHand')}</p>
        <div className="flex items-center gap-2 rounded-md border bg-muted/50 px-3 py-2">
          <code className="min-w-0 flex-1 break-all">{command}</code>
          <CopyButton value={command} label={t('backups.command')} />
        </div>
      </DialogContent>
    </Dialog>
  )
}

const ASK_EVERY_MS = 1_000

/** Waits until the agent has started anew, then loads the panel: everything in it may be another. */
function Restarting({ life }: { life: string }) {
  const { t } = useTranslation()
  const client = useTRPCClient()
  useEffect(() => {
    const timer = setInterval(() => {
      client.agent.info.query().then(
        (now) => now.life !== life && location.reload(),
        // Away at the moment: that is what is waited for.
        () => undefined,
      )
    }, ASK_EVERY_MS)
    return () => clearInterval(timer)
  }, [client, life])
  return (
    <Dialog open>
      <DialogContent>
        <DialogHeader title={t('backups.restoring')} description={t('backups.restoringHint')} />
      </DialogContent>
    </Dialog>
  )
}
