import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { KeyMade } from './key-made.tsx'
import type { ApiKey } from './key-row.tsx'

/** Another secret for the same key, when the old one was lost or seen. */
export function RenewKeyDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const renew = useMutation(
    trpc.projects.apiKeys.regenerate.mutationOptions({
      meta: { showsError: true },
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.projects.apiKeys.pathKey() }),
    }),
  )
  if (renew.data) return <KeyMade token={renew.data.token} onClose={onClose} />
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('apiKeys.renewTitle', { name: apiKey.name })}
      description={t('apiKeys.renewHint')}
      action={t('apiKeys.renewAction')}
      isPending={renew.isPending}
      onConfirm={() => renew.mutate({ projectId, keyId: apiKey.id })}
    >
      {renew.error ? <ErrorState error={renew.error} /> : null}
    </ConfirmDialog>
  )
}
