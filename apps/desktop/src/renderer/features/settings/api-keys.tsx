import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { Badge } from '@/ui/badge.tsx'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { Section } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import { ModelsOfKey } from './key-models.tsx'
import { NewKeyDialog } from './new-key-dialog.tsx'

type ApiKey = Outputs['projects']['apiKeys']['list'][number]

/** Keys by which programs reach this project. The key itself is shown once. */
export function ApiKeys() {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const trpc = useTRPC()
  const keys = useQuery(trpc.projects.apiKeys.list.queryOptions({ projectId }))
  const [isMaking, setMaking] = useState(false)
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
          <li key={key.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
            <span className="font-medium">{key.name}</span>
            <code className="text-muted-foreground">{key.hint}…</code>
            <span className="flex flex-wrap gap-1">
              {key.scopes.map((scope) => (
                <Badge key={scope} variant="muted" className="font-mono">
                  {scope}
                </Badge>
              ))}
            </span>
            {key.models ? <ModelsOfKey models={key.models} /> : null}
            <span className="ml-auto text-xs text-muted-foreground">
              {key.lastUsedAt ? (
                <>
                  {t('settings.lastUsed')} <TimeAgo at={key.lastUsedAt} />
                </>
              ) : (
                t('settings.neverUsed')
              )}
            </span>
            <Button
              size="sm"
              variant="danger"
              aria-label={t('settings.revokeKey', { name: key.name })}
              onClick={() => setRevoking(key)}
            >
              {t('action.remove')}
            </Button>
          </li>
        ))}
      </ul>
      {isMaking ? <NewKeyDialog onClose={() => setMaking(false)} /> : null}
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
