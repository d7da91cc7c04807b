import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { Section } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { KeyRow, type ApiKey } from './key-row.tsx'
import { NewKeyDialog } from './new-key-dialog.tsx'
import { RenewKeyDialog } from './renew-key-dialog.tsx'

/** Keys by which programs reach this project. The key itself is shown once. */
export function ApiKeys() {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const trpc = useTRPC()
  const keys = useQuery(trpc.projects.apiKeys.list.queryOptions({ projectId }))
  const [isMaking, setMaking] = useState(false)
  const [renewing, setRenewing] = useState<ApiKey | null>(null)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  return (
    <Section
      title={t('settings.apiKeys')}
      description={t('settings.apiKeysHint')}
      actions={
        <Button size="sm" variant="outline" onClick={() => setMaking(true)}>
          {t('settings.newKey')}
        </Button>
      }
    >
      {keys.isPending ? <SkeletonRows rows={2} /> : null}
      {keys.error ? (
        <ErrorState error={keys.error} onRetry={() => void keys.refetch()} className="m-3" />
      ) : null}
      {keys.data?.length === 0 ? (
        <p className="px-4 py-3 text-sm text-muted-foreground">{t('settings.noKeys')}</p>
      ) : null}
      <ul className="divide-y">
        {keys.data?.map((key) => (
          <KeyRow
            key={key.id}
            apiKey={key}
            onRenew={() => setRenewing(key)}
            onRevoke={() => setRevoking(key)}
          />
        ))}
      </ul>
      {isMaking ? <NewKeyDialog onClose={() => setMaking(false)} /> : null}
      {renewing ? <RenewKeyDialog apiKey={renewing} onClose={() => setRenewing(null)} /> : null}
      {revoking ? <RevokeDialog apiKey={revoking} onClose={() => setRevoking(null)} /> : null}
    </Section>
  )
}

function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const revoke = useMutation(
    trpc.projects.apiKeys.revoke.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.projects.apiKeys.pathKey() })
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('settings.revokeTitle', { name: apiKey.name })}
      description={t('settings.revokeHint')}
      action={t('settings.revokeKey', { name: apiKey.name })}
      isPending={revoke.isPending}
      onConfirm={() => revoke.mutate({ projectId, keyId: apiKey.id })}
    />
  )
}
