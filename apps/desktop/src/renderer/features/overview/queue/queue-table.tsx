import { useQuery } from '@tanstack/react-query'
import { ChevronRightIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { formatNumber } from '@/i18n/format.ts'
import { cn } from '@/ui/cn.ts'
import { Section } from '@/ui/page.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/ui/table.tsx'
import { QueueSheet, type JobState } from './queue-sheet.tsx'

type Summary = Outputs['queue']['summaries'][number]

const REFRESH_MS = 5_000
const STATES = ['waiting', 'delayed', 'active', 'dead'] as const satisfies readonly JobState[]

/** Durable queues that hold a job: how many of each state; dead ones stand out. Not there while no queue holds any. */
export function QueueTable() {
  const { t } = useTranslation()
  const project = useProject()
  const [open, setOpen] = useState<{ name: string; state: JobState | undefined } | null>(null)
  const queues = useQuery(
    useTRPC().queue.summaries.queryOptions({ projectId: project.id }, { refetchInterval: REFRESH_MS }),
  )
  const rows = queues.data ?? []
  if (rows.length === 0 && !open) return null
  return (
    <Section title={t('queue.title')} className="max-h-80 overflow-y-auto">
      <Table>
        <TableHeader>
          <tr>
            <TableHead>{t('queue.name')}</TableHead>
            {STATES.map((state) => (
              <TableHead key={state} className="text-right">
                {t(`queue.state.${state}`)}
              </TableHead>
            ))}
            <TableHead className="w-0" />
          </tr>
        </TableHeader>
        <TableBody>
          {rows.map((queue) => (
            <QueueRow
              key={queue.name}
              queue={queue}
              onOpen={(state) => setOpen({ name: queue.name, state })}
            />
          ))}
        </TableBody>
      </Table>
      {open ? <QueueSheet name={open.name} state={open.state} onClose={() => setOpen(null)} /> : null}
    </Section>
  )
}

function QueueRow({ queue, onOpen }: { queue: Summary; onOpen: (state: JobState | undefined) => void }) {
  const { t, i18n } = useTranslation()
  return (
    <TableRow className="cursor-pointer" onClick={() => onOpen(queue.dead > 0 ? 'dead' : undefined)}>
      <TableCell className="max-w-40 truncate font-mono" title={queue.name}>
        {queue.name}
      </TableCell>
      {STATES.map((state) => (
        <TableCell
          key={state}
          className={cn(
            'text-right font-mono tabular',
            queue[state] === 0 && 'text-muted-foreground',
            state === 'dead' && queue.dead > 0 && 'font-medium text-crashed',
          )}
        >
          {formatNumber(queue[state], i18n.language)}
        </TableCell>
      ))}
      <TableCell>
        <button
          type="button"
          aria-label={t('queue.open', { name: queue.name })}
          title={t('queue.open', { name: queue.name })}
          className="grid size-6 place-items-center rounded-sm text-muted-foreground hover:text-foreground"
        >
          <ChevronRightIcon className="size-3.5" />
        </button>
      </TableCell>
    </TableRow>
  )
}
