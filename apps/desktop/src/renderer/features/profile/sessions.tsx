import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { Badge } from '@/ui/badge.tsx'
import { Button } from '@/ui/button.tsx'
import { Section } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import { toast } from '@/ui/toaster.tsx'
import { clientName } from './client-name.ts'

/** Where this operator is signed in. */
export function Sessions() {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const sessions = useQuery(trpc.auth.sessions.queryOptions())
  const refresh = () => queryClient.invalidateQueries({ queryKey: trpc.auth.sessions.queryKey() })
  const revoke = useMutation(trpc.auth.revokeSession.mutationOptions({ onSuccess: refresh }))
  const revokeOthers = useMutation(
    trpc.auth.revokeOtherSessions.mutationOptions({
      onSuccess: async ({ ended }) => {
        toast.success(t('profile.revokedOthers', { count: ended }))
        await refresh()
      },
    }),
  )
  return (
    <Section
      title={t('profile.sessions')}
      actions={
        (sessions.data?.length ?? 0) > 1 ? (
          <Button
            size="sm"
            variant="danger"
            disabled={revokeOthers.isPending}
            onClick={() => revokeOthers.mutate(undefined)}
          >
            {t('profile.revokeOthers')}
          </Button>
        ) : null
      }
    >
      {sessions.isPending ? <SkeletonRows rows={2} /> : null}
      {sessions.error ? (
        <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} className="m-3" />
      ) : null}
      <ul className="divide-y">
        {sessions.data?.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            onRevoke={() => revoke.mutate({ sessionId: session.id })}
          />
        ))}
      </ul>
    </Section>
  )
}

function SessionRow({
  session,
  onRevoke,
}: {
  session: Outputs['auth']['sessions'][number]
  onRevoke: () => void
}) {
  const { t } = useTranslation()
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5">
      <span className="font-medium" title={session.userAgent}>
        {t(`profile.client.${session.client}`)} {clientName(session.userAgent)}
      </span>
      <code className="text-muted-foreground">{session.address}</code>
      <span className="text-xs text-muted-foreground">
        {t('profile.lastSeen')} <TimeAgo at={session.lastSeenAt} />
      </span>
      <span className="ml-auto">
        {session.current ? (
          <Badge variant="muted">{t('profile.thisSession')}</Badge>
        ) : (
          <Button
            size="sm"
            variant="outline"
            aria-label={t('profile.revoke', { address: session.address })}
            onClick={onRevoke}
          >
            {t('operator.signOut')}
          </Button>
        )}
      </span>
    </li>
  )
}
