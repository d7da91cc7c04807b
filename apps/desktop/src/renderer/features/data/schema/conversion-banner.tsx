import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { formatPercent } from '@/i18n/format.ts'

const WHILE_RUNNING_MS = 700

/** How far the records of a changed model are; the page may be left and found again meanwhile. */
export function ConversionBanner({ modelId }: { modelId: string }) {
  const { t } = useTranslation()
  const job = useConversion(modelId)
  if (!job) return null
  const share = job.done / job.total
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

/** The same beside the model's name in a list. */
export function ConversionShare({ modelId }: { modelId: string }) {
  const { t, i18n } = useTranslation()
  const job = useConversion(modelId)
  if (!job) return null
  return (
    <span className="ml-2 text-xs whitespace-nowrap text-moving tabular" title={t('schema.converting')}>
      {t('schema.convertingShare', { share: formatPercent(job.done / job.total, i18n.language) })}
    </span>
  )
}

/** `null` when none is under way. Lists and pages ask once for all models. */
function useConversion(modelId: string): { done: number; total: number } | null {
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
  return job && isRunning(job) ? job : null
}

const isRunning = (job: { done: number; total: number } | undefined): boolean =>
  job !== undefined && job.done < job.total
