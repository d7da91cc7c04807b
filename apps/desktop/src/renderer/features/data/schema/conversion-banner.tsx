import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'

const WHILE_RUNNING_MS = 700

/** How far the records of a changed model are; the page may be left and found again meanwhile. */
export function ConversionBanner({ modelId }: { modelId: string }) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const progress = useQuery(
    trpc.models.progress.queryOptions(
      { projectId: project.id },
      {
        staleTime: 0,
        refetchInterval: ({ state }) => (isRunning(state.data?.[modelId]) ? WHILE_RUNNING_MS : false),
      },
    ),
  )
  const job = progress.data?.[modelId]
  if (!job || !isRunning(job)) return null
  const share = job.total > 0 ? job.done / job.total : 0
  return (
    <div className="grid gap-1.5 border-b px-4 py-2">
      <p className="flex items-center justify-between gap-3 text-xs text-muted-foreground">
        <span>{t('schema.converting')}</span>
        <span className="tabular">{t('schema.convertedOf', { done: job.done, total: job.total })}</span>
      </p>
      <div
        role="progressbar"
        aria-label={t('schema.converting')}
        aria-valuemin={0}
        aria-valuemax={job.total}
        aria-valuenow={job.done}
        className="h-1 overflow-hidden rounded-full bg-input"
      >
        <div
          className="h-full origin-left bg-moving transition-transform"
          style={{ transform: `scaleX(${share})` }}
        />
      </div>
    </div>
  )
}

const isRunning = (job: { done: number; total: number } | undefined): boolean =>
  job !== undefined && job.done < job.total
