import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { CalendarClockIcon, HistoryIcon, PauseIcon, PlayIcon, StepForwardIcon } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { toastError } from '@/app/errors/toast-error.ts'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { Badge } from '@/ui/badge.tsx'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Section } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/ui/table.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import { JobHistory } from './job-history.tsx'
import { JobResult } from './job-result.tsx'

type Job = Outputs['metrics']['jobs'][number]

const REFRESH_MS = 5_000

/** What the service has scheduled: when it runs next, how the last time went; run it now, pause it, look back. */
export function JobsTable() {
  const { t } = useTranslation()
  const project = useProject()
  const mayRun = useMay('run')
  const [shown, setShown] = useState<{ key?: string } | null>(null)
  const jobs = useQuery(
    useTRPC().metrics.jobs.queryOptions({ projectId: project.id }, { refetchInterval: REFRESH_MS }),
  )
  const rows = jobs.data ?? []
  return (
    <Section
      title={t('jobs.title')}
      className="max-h-96 overflow-y-auto"
      actions={
        <Button variant="ghost" size="sm" onClick={() => setShown({})}>
          <HistoryIcon /> {t('jobs.history')}
        </Button>
      }
    >
      {jobs.isPending ? (
        <SkeletonRows rows={3} />
      ) : rows.length === 0 ? (
        <EmptyState icon={<CalendarClockIcon />} title={t('jobs.empty')} className="py-8">
          {t('jobs.emptyHint')}
        </EmptyState>
      ) : (
        <Table>
          <TableHeader>
            <tr>
              <TableHead>{t('jobs.job')}</TableHead>
              <TableHead className="max-sm:hidden">{t('jobs.next')}</TableHead>
              <TableHead>{t('jobs.last')}</TableHead>
              <TableHead className="w-0" aria-label={t('jobs.controls')} />
            </tr>
          </TableHeader>
          <TableBody>
            {rows.map((job) => (
              <JobRow key={job.id} job={job} mayRun={mayRun} onHistory={() => setShown({ key: job.key })} />
            ))}
          </TableBody>
        </Table>
      )}
      {shown ? <JobHistory jobKey={shown.key} onClose={() => setShown(null)} /> : null}
    </Section>
  )
}

function JobRow({ job, mayRun, onHistory }: { job: Job; mayRun: boolean; onHistory: () => void }) {
  const { t } = useTranslation()
  const isPaused = job.status === 'paused'
  return (
    <TableRow className={isPaused ? 'text-muted-foreground' : undefined}>
      {/* Takes what the other columns leave, and cuts its own text instead of theirs. */}
      <TableCell className="w-full max-w-0">
        <div className="flex min-w-0 items-center gap-1.5">
          <span className="truncate font-medium" title={job.key}>
            {job.name ?? <span className="font-mono font-normal">{scheduleOf(job)}</span>}
          </span>
          {job.missed === 'once' ? (
            <Badge variant="muted" title={t('jobs.missedHint')}>
              {t('jobs.missedOnce')}
            </Badge>
          ) : null}
        </div>
        {job.name ? (
          <div className="truncate font-mono text-xs text-muted-foreground">{scheduleOf(job)}</div>
        ) : null}
        <div className="truncate text-xs text-muted-foreground sm:hidden">
          {t('jobs.next')}: <NextRun job={job} />
        </div>
      </TableCell>
      <TableCell className="whitespace-nowrap max-sm:hidden">
        <NextRun job={job} />
      </TableCell>
      <TableCell className="whitespace-nowrap">
        {job.last ? (
          <span className="flex items-center gap-1.5">
            <JobResult time={job.last} withoutWord />
            <TimeAgo at={job.last.startedAt} />
          </span>
        ) : job.lastRunAt ? (
          <TimeAgo at={job.lastRunAt} />
        ) : (
          '–'
        )}
      </TableCell>
      <TableCell className="max-sm:px-1">
        <JobControls job={job} isPaused={isPaused} mayRun={mayRun} onHistory={onHistory} />
      </TableCell>
    </TableRow>
  )
}

function NextRun({ job: { status, nextRunAt } }: { job: Job }) {
  const { t } = useTranslation()
  if (status === 'paused') return t('jobs.paused')
  return nextRunAt ? <TimeAgo at={nextRunAt} isAhead /> : '–'
}

/** `0 3 * * * Europe/Berlin`, `every 5s`, `once`. */
function scheduleOf({ expression, timezone, intervalMs, key, type }: Job): string {
  if (expression) return timezone ? `${expression} ${timezone}` : expression
  return type === 'interval' && intervalMs !== null && !key.startsWith('every ')
    ? `every ${intervalMs} ms`
    : key
}

function JobControls(props: { job: Job; isPaused: boolean; mayRun: boolean; onHistory: () => void }) {
  const { job, isPaused, mayRun, onHistory } = props
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const options = {
    onError: toastError,
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: trpc.metrics.jobs.queryKey({ projectId: project.id }) }),
  }
  const runNow = useMutation(trpc.jobs.runNow.mutationOptions(options))
  const pause = useMutation(trpc.jobs.pause.mutationOptions(options))
  const resume = useMutation(trpc.jobs.resume.mutationOptions(options))
  const input = { projectId: project.id, jobId: job.id }
  const isRepeating = job.status !== 'one-time'
  return (
    <div className="flex justify-end gap-0.5">
      <IconButton label={t('jobs.historyOf', { id: job.key })} onClick={onHistory}>
        <HistoryIcon />
      </IconButton>
      {mayRun ? (
        <IconButton label={t('jobs.runNow', { id: job.key })} onClick={() => runNow.mutate(input)}>
          <StepForwardIcon />
        </IconButton>
      ) : null}
      {mayRun && isRepeating ? (
        <IconButton
          label={t(isPaused ? 'jobs.resume' : 'jobs.pause', { id: job.key })}
          onClick={() => (isPaused ? resume : pause).mutate(input)}
        >
          {isPaused ? <PlayIcon /> : <PauseIcon />}
        </IconButton>
      ) : null}
    </div>
  )
}

function IconButton(props: { label: string; onClick: () => void; children: ReactNode }) {
  const { label, onClick, children } = props
  return (
    <Button variant="ghost" size="icon-sm" aria-label={label} title={label} onClick={onClick}>
      {children}
    </Button>
  )
}
