import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { CalendarClockIcon, PauseIcon, PlayIcon, StepForwardIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Section } from '@/ui/page.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/ui/table.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'

type Job = Outputs['metrics']['jobs'][number]

const REFRESH_MS = 5_000

/** What the service has scheduled: when it ran, when it runs next; run it now, pause it. */
export function JobsTable() {
  const { t } = useTranslation()
  const project = useProject()
  const mayRun = useMay('run')
  const jobs = useQuery(
    useTRPC().metrics.jobs.queryOptions({ projectId: project.id }, { refetchInterval: REFRESH_MS }),
  )
  return (
    <Section title={t('jobs.title')} className="max-h-96 overflow-y-auto">
      {(jobs.data ?? []).length === 0 ? (
        <EmptyState icon={<CalendarClockIcon />} title={t('jobs.empty')}>
          {t('jobs.emptyHint')}
        </EmptyState>
      ) : (
        <Table>
          <TableHeader>
            <tr>
              <TableHead>{t('jobs.schedule')}</TableHead>
              <TableHead>{t('jobs.next')}</TableHead>
              <TableHead>{t('jobs.last')}</TableHead>
              <TableHead className="text-right">{t('jobs.runs')}</TableHead>
              {mayRun ? <TableHead className="w-0" aria-label={t('jobs.controls')} /> : null}
            </tr>
          </TableHeader>
          <TableBody>
            {jobs.data?.map((job) => (
              <JobRow key={job.id} job={job} mayRun={mayRun} />
            ))}
          </TableBody>
        </Table>
      )}
    </Section>
  )
}

function JobRow({ job, mayRun }: { job: Job; mayRun: boolean }) {
  const isPaused = job.status === 'paused'
  return (
    <TableRow className={isPaused ? 'text-muted-foreground' : undefined}>
      <TableCell className="font-mono">
        {job.expression ?? job.type} <span className="text-xs text-muted-foreground">{job.id}</span>
      </TableCell>
      <TableCell>{job.nextRunAt && !isPaused ? <TimeAgo at={job.nextRunAt} isAhead /> : '–'}</TableCell>
      <TableCell>{job.lastRunAt ? <TimeAgo at={job.lastRunAt} /> : '–'}</TableCell>
      <TableCell className="text-right font-mono tabular">{job.runs}</TableCell>
      {mayRun ? (
        <TableCell>
          <JobControls job={job} isPaused={isPaused} />
        </TableCell>
      ) : null}
    </TableRow>
  )
}

function JobControls({ job, isPaused }: { job: Job; isPaused: boolean }) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const options = {
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: trpc.metrics.jobs.queryKey({ projectId: project.id }) }),
  }
  const runNow = useMutation(trpc.jobs.runNow.mutationOptions(options))
  const pause = useMutation(trpc.jobs.pause.mutationOptions(options))
  const resume = useMutation(trpc.jobs.resume.mutationOptions(options))
  const input = { projectId: project.id, jobId: job.id }
  return (
    <div className="flex justify-end gap-0.5">
      <IconButton label={t('jobs.runNow', { id: job.id })} onClick={() => runNow.mutate(input)}>
        <StepForwardIcon />
      </IconButton>
      {isPaused ? (
        <IconButton label={t('jobs.resume', { id: job.id })} onClick={() => resume.mutate(input)}>
          <PlayIcon />
        </IconButton>
      ) : (
        <IconButton label={t('jobs.pause', { id: job.id })} onClick={() => pause.mutate(input)}>
          <PauseIcon />
        </IconButton>
      )}
    </div>
  )
}

function IconButton({
  label,
  onClick,
  children,
}: {
  label: string
  onClick: () => void
  children: ReactNode
}) {
  return (
    <Button variant="ghost" size="icon-sm" aria-label={label} title={label} onClick={onClick}>
      {children}
    </Button>
  )
}
