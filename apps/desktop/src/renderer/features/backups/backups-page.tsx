import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArchiveIcon, CircleAlertIcon, CircleCheckIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useMe } from '@/app/session/panel.tsx'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { formatBytes } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Page } from '@/ui/page.tsx'
import { ProgressBar } from '@/ui/progress-bar.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import { BackupTable } from './backup-table.tsx'

export type Backups = Outputs['agent']['backup']['list']

/** So often the page asks how far a backup is, and otherwise whether the schedule has made one. */
const BUSY_MS = 1_000
const IDLE_MS = 30_000

/** Backups of the whole agent, for root. */
export function BackupsPage() {
  const { t } = useTranslation()
  const me = useMe()
  if (me && !me.root) return <EmptyState title={t('backups.rootOnly')} />
  return <Loaded />
}

function Loaded() {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const backups = useQuery(
    trpc.agent.backup.list.queryOptions(undefined, {
      refetchInterval: ({ state }) => (state.data?.job ? BUSY_MS : IDLE_MS),
    }),
  )
  const make = useMutation(
    trpc.agent.backup.make.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.agent.backup.pathKey() }),
    }),
  )
  const { data } = backups
  const makeNow = (
    <Button disabled={!data || data.job !== null || make.isPending} onClick={() => make.mutate()}>
      <ArchiveIcon /> {t('backups.make')}
    </Button>
  )
  return (
    <Page title={t('backups.title')} actions={makeNow}>
      {data ? <Facts view={data} /> : null}
      {data?.job ? <Progress job={data.job} /> : null}
      {data ? <News view={data} /> : null}
      <div className="rounded-md border">
        {backups.isPending ? <SkeletonRows rows={4} /> : null}
        {backups.error ? (
          <ErrorState error={backups.error} onRetry={() => void backups.refetch()} className="m-3" />
        ) : null}
        {data && data.backups.length === 0 ? (
          <EmptyState icon={<ArchiveIcon />} title={t('backups.empty')}>
            {t('backups.emptyHint')}
          </EmptyState>
        ) : null}
        {data && data.backups.length > 0 ? <BackupTable view={data} /> : null}
      </div>
    </Page>
  )
}

/** When the next one is made, where they are, how much room there is. */
function Facts({ view: { nextAt, folder, freeBytes } }: { view: Backups }) {
  const { t, i18n } = useTranslation()
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-muted-foreground">
      <span>
        {nextAt ? (
          <>
            {t('backups.next')} <TimeAgo at={nextAt} isAhead className="text-foreground" />.
          </>
        ) : (
          t('backups.noSchedule')
        )}{' '}
        <Link to="/agent-settings" className="underline underline-offset-2">
          {t('backups.schedule')}
        </Link>
      </span>
      <span className="min-w-0 break-all sm:ml-auto">
        {t('backups.folder')} <code className="text-foreground">{folder}</code>
        {freeBytes === null
          ? null
          : ` · ${t('backups.free', { size: formatBytes(freeBytes, i18n.language) })}`}
      </span>
    </div>
  )
}

function Progress({ job }: { job: NonNullable<Backups['job']> }) {
  const { t, i18n } = useTranslation()
  const { step, doneBytes, totalBytes, name } = job
  const label = t(step === 'read' ? 'backups.reading' : 'backups.proving')
  const size = (bytes: number) => formatBytes(Math.min(bytes, totalBytes), i18n.language)
  return (
    <div className="grid gap-2 rounded-md border p-3" role="status">
      <div className="flex flex-wrap items-baseline gap-x-3 text-sm">
        <span className="font-medium">{label}</span>
        <code className="min-w-0 break-all text-muted-foreground">{name}</code>
        {totalBytes > 0 ? (
          <span className="ml-auto text-xs text-muted-foreground tabular">
            {t('backups.progress', { done: size(doneBytes), total: size(totalBytes) })}
          </span>
        ) : null}
      </div>
      <ProgressBar share={totalBytes > 0 ? doneBytes / totalBytes : 0} label={label} />
    </div>
  )
}

/** How the last backup and the last restore ended, where that is worth a word. */
function News({ view: { failure, restored } }: { view: Backups }) {
  const { t } = useTranslation()
  return (
    <>
      {failure ? (
        <Note isBad>
          {t('backups.failed', { reason: failure.message })} <TimeAgo at={failure.at} />
        </Note>
      ) : null}
      {restored ? (
        <Note isBad={restored.problem !== null}>
          {restored.problem === null
            ? t('backups.restored', { name: restored.name, by: restored.by })
            : t('backups.notRestored', { name: restored.name, reason: restored.problem })}{' '}
          <TimeAgo at={restored.at} />
        </Note>
      ) : null}
    </>
  )
}

function Note({ isBad = false, children }: { isBad?: boolean; children: ReactNode }) {
  const Icon = isBad ? CircleAlertIcon : CircleCheckIcon
  return (
    <p
      role={isBad ? 'alert' : 'status'}
      className="flex items-start gap-2 rounded-md border px-3 py-2 text-sm break-words"
    >
      <Icon className={`mt-0.5 size-4 shrink-0 ${isBad ? 'text-destructive' : 'text-running'}`} />
      <span className="min-w-0">{children}</span>
    </p>
  )
}
