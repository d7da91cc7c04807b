import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { HistoryIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { reasonText } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPCClient } from '@/app/trpc/trpc.ts'
import { formatDateTime, formatDuration, formatMilliseconds } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Sheet, SheetContent } from '@/ui/sheet.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { JobResult, type JobTime } from './job-result.tsx'

const PAGE = 50
const REFRESH_MS = 5_000

/** Every time a job ran or was left out, newest first: planned, begun, how long, how it went. Without a key, of all jobs. */
export function JobHistory({ jobKey, onClose }: { jobKey: string | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const project = useProject()
  const client = useTRPCClient()
  const query = { projectId: project.id, ...(jobKey !== undefined && { key: jobKey }) }
  const times = useInfiniteQuery({
    queryKey: ['jobs.history', query],
    queryFn: ({ pageParam }) =>
      client.jobs.history.query({ ...query, limit: PAGE, ...(pageParam !== '' && { before: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (page: JobTime[]) => (page.length < PAGE ? undefined : page.at(-1)?.id),
    refetchInterval: REFRESH_MS,
  })
  const rows = times.data?.pages.flat() ?? []
  const title = jobKey === undefined ? t('jobs.historyAll') : t('jobs.historyOf', { id: jobKey })
  return (
    <Sheet open onOpenChange={(open) => open || onClose()}>
      <SheetContent title={title}>
        <div className="min-h-0 flex-1 overflow-y-auto">
          {times.isPending ? <SkeletonRows rows={8} /> : null}
          {times.error ? (
            <ErrorState error={times.error} onRetry={() => void times.refetch()} className="m-4" />
          ) : null}
          {times.data && rows.length === 0 ? (
            <EmptyState icon={<HistoryIcon />} title={t('jobs.noHistory')}>
              {t('jobs.noHistoryHint')}
            </EmptyState>
          ) : null}
          <ul className="divide-y">
            {rows.map((time) => (
              <TimeRow key={time.id} time={time} withKey={jobKey === undefined} />
            ))}
          </ul>
          {times.hasNextPage ? (
            <div className="grid place-items-center border-t p-3">
              <Button
                variant="outline"
                size="sm"
                disabled={times.isFetchingNextPage}
                onClick={() => void times.fetchNextPage()}
              >
                {t('jobs.older')}
              </Button>
            </div>
          ) : null}
        </div>
      </SheetContent>
    </Sheet>
  )
}

function TimeRow({ time, withKey }: { time: JobTime; withKey: boolean }) {
  const { t } = useTranslation()
  const project = useProject()
  return (
    <li className="grid gap-1 px-4 py-2.5 text-sm hover:bg-accent/60">
      <div className="flex min-w-0 items-center gap-3">
        <time dateTime={time.startedAt} className="font-mono text-xs tabular">
          {formatDateTime(time.startedAt)}
        </time>
        <JobResult time={time} />
        <Took time={time} />
        <Link
          to="/projects/$slug/logs"
          params={{ slug: project.slug }}
          search={{ run: time.runId }}
          className="ml-auto shrink-0 text-xs text-muted-foreground underline-offset-2 hover:text-foreground hover:underline"
        >
          {t('jobs.log')}
        </Link>
      </div>
      {withKey ? <p className="truncate text-xs font-medium">{time.key}</p> : null}
      <p className="text-xs text-muted-foreground">
        <Why time={time} />
      </p>
      {time.error ? <Failure time={time} error={time.error} /> : null}
    </li>
  )
}

/** Why it ran, or why it did not, and how many times are meant. */
function Why({ time }: { time: JobTime }) {
  const { t } = useTranslation()
  const { skipped, trigger, times } = time
  const values = { at: formatDateTime(time.plannedAt), count: times }
  if (skipped) return t(`jobs.skipped.${skipped}`, values)
  return times > 1 ? t('jobs.missedMany', values) : t(`jobs.trigger.${trigger}`, values)
}

function Took({ time }: { time: JobTime }) {
  const { i18n } = useTranslation()
  if (!time.endedAt || time.skipped) return null
  const ms = Date.parse(time.endedAt) - Date.parse(time.startedAt)
  const text = ms < 60_000 ? formatMilliseconds(ms, i18n.language) : formatDuration(ms, i18n.language)
  return <span className="font-mono text-xs text-muted-foreground tabular">{text}</span>
}

/** What went wrong, and the line of the source where it did. */
function Failure({ time, error }: { time: JobTime; error: NonNullable<JobTime['error']> }) {
  const project = useProject()
  const { position } = error
  return (
    <p className="text-xs break-words text-crashed">
      {reasonText(error)}{' '}
      {position ? (
        <Link
          to="/projects/$slug/pipeline"
          params={{ slug: project.slug }}
          search={{ branch: time.branch, file: position.file, line: position.line, column: position.column }}
          className="font-mono underline underline-offset-2 hover:text-foreground"
        >
          {position.file}:{position.line}:{position.column}
        </Link>
      ) : null}
    </p>
  )
}
