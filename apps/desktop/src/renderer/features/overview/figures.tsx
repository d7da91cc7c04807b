import { ChevronDownIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useLiveMetrics, useMetricsHistory } from '@/app/metrics/use-metrics.ts'
import { useProject } from '@/app/project/project-context.ts'
import type { Outputs } from '@/app/trpc/trpc.ts'
import { formatBytes, formatMilliseconds, formatNumber, formatPercent } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { HistoryRow } from '@/ui/metrics/history-row.tsx'
import { Section } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { useStoredState } from '@/ui/use-stored-state.ts'

type Live = Outputs['metrics']['live']
type Sample = NonNullable<Live['now']>
type History = Outputs['metrics']['history']
type Series = keyof History['series']

interface Row {
  series: Series
  /** Absent: the newest step of the history is as near to now as it gets. */
  now?: (sample: Sample, live: Live) => number | null
  format: (value: number, language: string) => string
  /** Counted over a step in the history, and by the second now. */
  isRate?: true
}

const percent = (value: number, language: string) => formatPercent(value / 100, language)

const FIRST: readonly Row[] = [
  { series: 'cpuPercent', now: (s) => s.cpuPercent, format: percent },
  { series: 'heapBytes', now: (s) => s.heapBytes, format: formatBytes },
  { series: 'requests', now: (s) => s.requestsPerSecond, format: formatNumber, isRate: true },
  { series: 'errors', now: (s) => s.errorsPerSecond, format: formatNumber, isRate: true },
  { series: 'p95Ms', format: formatMilliseconds },
  { series: 'lagMs', now: (s) => s.lagMs, format: formatMilliseconds },
]

const MORE: readonly Row[] = [
  { series: 'p50Ms', format: formatMilliseconds },
  { series: 'p99Ms', format: formatMilliseconds },
  { series: 'status2xx', format: formatNumber },
  { series: 'status3xx', format: formatNumber },
  { series: 'status4xx', format: formatNumber },
  { series: 'status5xx', format: formatNumber },
  { series: 'inFlight', now: (s) => s.inFlight, format: formatNumber },
  { series: 'bytesIn', now: (s) => s.bytesInPerSecond, format: formatBytes, isRate: true },
  { series: 'bytesOut', now: (s) => s.bytesOutPerSecond, format: formatBytes, isRate: true },
  { series: 'jobRuns', format: formatNumber },
  { series: 'queueWaiting', now: (_, { gauges }) => gauges.queueWaiting, format: formatNumber },
  { series: 'delayedTasks', now: (_, { gauges }) => gauges.delayedTasks, format: formatNumber },
  { series: 'restarts', format: formatNumber },
  { series: 'databaseBytes', now: (_, { gauges }) => gauges.databaseBytes, format: formatBytes },
  { series: 'storageBytes', now: (_, { gauges }) => gauges.storageBytes, format: formatBytes },
]

/** What the service used and answered in the last 24 hours; six lines, or all. */
export function Figures() {
  const { t } = useTranslation()
  const project = useProject()
  const live = useLiveMetrics(project.id)
  const history = useMetricsHistory(project.id)
  const [isWhole, setWhole] = useStoredState<boolean>('overview.figures', false)
  const rows = isWhole ? [...FIRST, ...MORE] : FIRST
  return (
    <Section
      title={t('metrics.title')}
      description={t('metrics.span')}
      actions={
        <Button variant="ghost" size="sm" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {t(isWhole ? 'metrics.less' : 'metrics.more')}
          <ChevronDownIcon className={cn('transition-transform', isWhole && 'rotate-180')} />
        </Button>
      }
    >
      {history.isPending ? <SkeletonRows rows={6} /> : null}
      {history.error ? (
        <ErrorState error={history.error} onRetry={() => void history.refetch()} className="m-3" />
      ) : null}
      {history.data ? (
        <dl className="divide-y">
          {rows.map((row) => (
            <Figure key={row.series} row={row} live={live} history={history.data} />
          ))}
        </dl>
      ) : null}
    </Section>
  )
}

function Figure({ row, live, history }: { row: Row; live: Live | undefined; history: History }) {
  const { t, i18n } = useTranslation()
  const { series, now, format, isRate } = row
  // An agent of another version may not know this one.
  const values = history.series[series] ?? []
  const current = now ? (live?.now ? now(live.now, live) : null) : (values.at(-1) ?? null)
  const text = current === null ? '–' : format(current, i18n.language)
  return (
    <HistoryRow
      name={t(`metrics.series.${series}`)}
      now={isRate && current !== null ? t('metrics.perSecond', { value: text }) : text}
      values={values}
      {...(series === 'heapBytes' && live?.memoryLimitBytes ? { max: live.memoryLimitBytes } : {})}
      {...(series === 'cpuPercent' ? { max: 100 } : {})}
      fromMs={Date.parse(history.from)}
      stepMs={history.stepMs}
      format={(value) => format(value, i18n.language)}
      nothing={t('metrics.nothing')}
    />
  )
}
