import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { BellOffIcon, CircleAlertIcon, CircleCheckIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { reasonText } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useTRPC, useTRPCClient, type Outputs } from '@/app/trpc/trpc.ts'
import { formatDateTime } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Section } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'

export type Alert = Outputs['alerts']['list'][number]
type Project = Outputs['projects']['list'][number]
export type AlertOwner = { projectId?: string }

const PAGE = 50

/** Newest first; what lasts is marked. */
export function AlertList({ owner, projects }: { owner: AlertOwner; projects: readonly Project[] }) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const query = { ...owner, limit: PAGE }
  const alerts = useInfiniteQuery({
    queryKey: [...trpc.alerts.list.queryKey(query), 'pages'],
    queryFn: ({ pageParam, signal }) =>
      client.alerts.list.query({ ...query, ...(pageParam && { before: pageParam }) }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.length === PAGE ? page.at(-1)!.id : undefined),
  })
  const rows = alerts.data?.pages.flat() ?? []
  return (
    <Section title={t('alerts.history')}>
      {alerts.isPending ? <SkeletonRows rows={4} /> : null}
      {alerts.error ? (
        <ErrorState error={alerts.error} onRetry={() => void alerts.refetch()} className="m-3" />
      ) : null}
      {alerts.data && rows.length === 0 ? (
        <EmptyState icon={<BellOffIcon />} title={t('alerts.none')}>
          {t('alerts.noneHint')}
        </EmptyState>
      ) : null}
      <ul className="divide-y" aria-label={t('alerts.history')}>
        {rows.map((alert) => (
          <AlertRow
            key={alert.id}
            alert={alert}
            project={projects.find(({ id }) => id === alert.projectId)}
          />
        ))}
      </ul>
      {alerts.hasNextPage ? (
        <Button variant="ghost" className="m-2" onClick={() => void alerts.fetchNextPage()}>
          {t('audit.more')}
        </Button>
      ) : null}
    </Section>
  )
}

function AlertRow({ alert, project }: { alert: Alert; project: Project | undefined }) {
  const { t } = useTranslation()
  const { kind, value, threshold, goal, since, endedAt, deliveries } = alert
  const reason = alert.because ? reasonText(alert.because) : alert.reason
  const failed = deliveries.filter(({ error }) => error !== null)
  const sent = deliveries.filter(({ error }) => error === null)
  const channels = sent.map(({ channel }) => t(`alerts.channel.${channel}`)).join(', ')
  return (
    <li className="flex flex-wrap items-start gap-x-2.5 gap-y-1 px-3 py-2 sm:flex-nowrap">
      {endedAt ? (
        <CircleCheckIcon
          aria-label={t('alerts.over')}
          className="mt-0.5 size-4 shrink-0 text-muted-foreground"
        />
      ) : (
        <CircleAlertIcon aria-label={t('alerts.lasts')} className="mt-0.5 size-4 shrink-0 text-crashed" />
      )}
      <div className="grid min-w-0 flex-1 basis-60 gap-0.5">
        <p className="flex flex-wrap items-baseline gap-x-2">
          {project ? (
            <Link
              to="/projects/$slug"
              params={{ slug: project.slug }}
              className="font-medium hover:underline"
            >
              {project.name}
            </Link>
          ) : (
            <span className="font-medium">{t('alerts.agent')}</span>
          )}
          <span>
            {t(`alerts.trouble.${kind}`, { value: value ?? 0, threshold: threshold ?? 0, goal: goal ?? '' })}
          </span>
        </p>
        {reason ? <p className="line-clamp-3 text-xs break-words text-muted-foreground">{reason}</p> : null}
        {channels ? <p className="text-xs text-muted-foreground">{t('alerts.sent', { channels })}</p> : null}
        {failed.map(({ channel, error, because }) => (
          <p key={channel} className="text-xs break-words text-limited">
            {t('alerts.notSent', {
              channel: t(`alerts.channel.${channel}`),
              reason: because ? reasonText(because) : (error ?? ''),
            })}
          </p>
        ))}
      </div>
      <span className="shrink-0 font-mono text-xs text-muted-foreground tabular max-sm:w-full max-sm:pl-6.5 sm:text-right">
        {formatDateTime(since)}
        {endedAt ? (
          <span className="block">{t('alerts.until', { time: formatDateTime(endedAt) })}</span>
        ) : null}
      </span>
    </li>
  )
}
