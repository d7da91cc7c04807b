import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { InboxIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { formatNumber } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { Sheet, SheetContent } from '@/ui/sheet.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { QueueBulk } from './queue-bulk.tsx'
import { QueueJob } from './queue-job.tsx'

export type JobState = Outputs['queue']['list']['items'][number]['state']

const STATES = ['waiting', 'delayed', 'active', 'dead'] as const
const PAGE = 50
const REFRESH_MS = 5_000

/** The jobs of one queue: by state, with payload and error; begin anew or remove one or all. */
export function QueueSheet(props: { name: string; state: JobState | undefined; onClose: () => void }) {
  const { name, onClose } = props
  const { t, i18n } = useTranslation()
  const project = useProject()
  const mayRun = useMay('run')
  const [state, setState] = useState(props.state)
  const [page, setPage] = useState(1)
  const jobs = useQuery(
    useTRPC().queue.list.queryOptions(
      { projectId: project.id, name, page, pageSize: PAGE, ...(state && { state }) },
      { refetchInterval: REFRESH_MS, placeholderData: keepPreviousData },
    ),
  )
  const { items = [], total = 0 } = jobs.data ?? {}
  const pages = Math.max(1, Math.ceil(total / PAGE))
  return (
    <Sheet open onOpenChange={(open) => open || onClose()}>
      <SheetContent title={t('queue.of', { name })} className="sm:max-w-2xl">
        <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
          <Select
            value={state ?? 'all'}
            onValueChange={(next) => {
              setState(next === 'all' ? undefined : (next as JobState))
              setPage(1)
            }}
          >
            <SelectTrigger size="sm" className="w-40" aria-label={t('queue.stateFilter')}>
              <SelectValue />
            </SelectTrigger>
            <SelectContent>
              <SelectItem value="all">{t('queue.all')}</SelectItem>
              {STATES.map((each) => (
                <SelectItem key={each} value={each}>
                  {t(`queue.state.${each}`)}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
          <span className="text-xs text-muted-foreground tabular">
            {t('queue.count', { count: total, value: formatNumber(total, i18n.language) })}
          </span>
          {mayRun && state && state !== 'active' ? (
            <QueueBulk name={name} state={state} count={total} />
          ) : null}
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto">
          {jobs.isPending ? <SkeletonRows rows={6} /> : null}
          {jobs.error ? (
            <ErrorState error={jobs.error} onRetry={() => void jobs.refetch()} className="m-4" />
          ) : null}
          {jobs.data && items.length === 0 ? (
            <EmptyState icon={<InboxIcon />} title={t('queue.none')}>
              {t('queue.noneHint')}
            </EmptyState>
          ) : null}
          <ul className="divide-y">
            {items.map((job) => (
              <QueueJob key={job.id} job={job} mayRun={mayRun} />
            ))}
          </ul>
        </div>
        {pages > 1 ? (
          <div className="flex items-center justify-between border-t px-4 py-2">
            <Button variant="outline" size="sm" disabled={page === 1} onClick={() => setPage(page - 1)}>
              {t('queue.newer')}
            </Button>
            <span className="text-xs text-muted-foreground tabular">{t('queue.page', { page, pages })}</span>
            <Button variant="outline" size="sm" disabled={page >= pages} onClick={() => setPage(page + 1)}>
              {t('queue.older')}
            </Button>
          </div>
        ) : null}
      </SheetContent>
    </Sheet>
  )
}
