import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { XIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { toastError } from '@/app/errors/toast-error.ts'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { formatNumber } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { Section } from '@/ui/page.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/ui/table.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'

type Task = Outputs['jobs']['delayed']['tasks'][number]

const REFRESH_MS = 5_000

/** Tasks of `delayed.run` that wait or run now; not there while there are none. */
export function DelayedTable() {
  const { t, i18n } = useTranslation()
  const project = useProject()
  const mayRun = useMay('run')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const delayed = useQuery(
    trpc.jobs.delayed.queryOptions({ projectId: project.id }, { refetchInterval: REFRESH_MS }),
  )
  const cancel = useMutation(
    trpc.jobs.cancelDelayed.mutationOptions({
      onError: toastError,
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.jobs.delayed.queryKey() }),
    }),
  )
  const { waiting = 0, running = 0, tasks = [] } = delayed.data ?? {}
  if (tasks.length === 0) return null
  const number = (value: number) => formatNumber(value, i18n.language)
  return (
    <Section
      title={t('delayed.title')}
      description={t('delayed.counts', { waiting: number(waiting), running: number(running) })}
      className="max-h-72 overflow-y-auto"
    >
      <Table>
        <TableHeader>
          <tr>
            <TableHead>{t('delayed.task')}</TableHead>
            <TableHead>{t('delayed.state')}</TableHead>
            <TableHead>{t('delayed.added')}</TableHead>
            <TableHead className="w-0" aria-label={t('jobs.controls')} />
          </tr>
        </TableHeader>
        <TableBody>
          {tasks.map((task) => (
            <TableRow key={task.id}>
              <TableCell className="max-w-48 truncate font-mono">{task.key ?? task.id}</TableCell>
              <TableCell>
                <TaskState task={task} />
              </TableCell>
              <TableCell className="whitespace-nowrap">
                <TimeAgo at={iso(task.addedMs)} />
              </TableCell>
              <TableCell>
                {mayRun && task.state === 'waiting' ? (
                  <Button
                    variant="ghost"
                    size="icon-sm"
                    aria-label={t('delayed.cancel', { id: task.id })}
                    title={t('delayed.cancel', { id: task.id })}
                    onClick={() => cancel.mutate({ projectId: project.id, taskId: task.id })}
                  >
                    <XIcon />
                  </Button>
                ) : null}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Section>
  )
}

function TaskState({ task }: { task: Task }) {
  const { t } = useTranslation()
  if (task.state === 'running') return <span className="text-moving">{t('delayed.running')}</span>
  if (task.dueMs === null) return <span>{t('delayed.waiting')}</span>
  return (
    <span>
      {t('delayed.again', { attempt: task.attempt })} <TimeAgo at={iso(task.dueMs)} isAhead />
    </span>
  )
}

const iso = (ms: number) => new Date(ms).toISOString()
