import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useLiveMetrics, useMetricsHistory } from '@/app/metrics/use-metrics.ts'
import { useProject } from '@/app/project/project-context.ts'
import type { Outputs } from '@/app/trpc/trpc.ts'
import { formatBytes, formatMilliseconds, formatNumber, formatPercent } from '@/i18n/format.ts'
import { HistoryRow } from '@/ui/metrics/history-row.tsx'
import { Section } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'

type Series = 'cpuPercent' | 'heapBytes' | 'requests' | 'errors' | 'p95Ms' | 'lagMs'
type Sample = NonNullable<Outputs['metrics']['live']['now']>

interface Row {
  series: Series
  now: (sample: Sample) => number | null
  format: (value: number, language: string) => string
}

const ROWS: readonly Row[] = [
  { series: 'cpuPercent', now: (s) => s.cpuPercent, format: (v, l) => formatPercent(v / 100, l) },
  { series: 'heapBytes', now: (s) => s.heapBytes, format: formatBytes },
  { series: 'requests', now: (s) => s.requestsPerSecond, format: formatNumber },
  { series: 'errors', now: (s) => s.errorsPerSecond, format: formatNumber },
  { series: 'p95Ms', now: () => null, format: formatMilliseconds },
  { series: 'lagMs', now: (s) => s.lagMs, format: formatMilliseconds },
]
/** Figures that are counted over a step in the history, and by the second now. */
const PER_SECOND: readonly Series[] = ['requests', 'errors']

/** What the service used and answered in the last 24 hours. */
export function Figures() {
  const { t, i18n } = useTranslation()
  const project = useProject()
  const live = useLiveMetrics(project.id)
  const history = useMetricsHistory(project.id)
  return (
    <Section title={t('metrics.title')} description={t('metrics.span')}>
      {history.isPending ? <SkeletonRows rows={6} /> : null}
      {history.error ? (
        <ErrorState error={history.error} onRetry={() => void history.refetch()} className="m-3" />
      ) : null}
      {history.data ? (
        <dl className="divide-y">
          {ROWS.map(({ series, now, format }) => {
            const values = history.data.series[series]
            const current =
              (live?.now && now(live.now)) ?? (series === 'p95Ms' ? (values.at(-1) ?? null) : null)
            const text = current === null ? '–' : format(current, i18n.language)
            return (
              <HistoryRow
                key={series}
                name={t(`metrics.series.${series}`)}
                now={
                  PER_SECOND.includes(series) && current !== null
                    ? t('metrics.perSecond', { value: text })
                    : text
                }
                values={values}
                {...(series === 'heapBytes' && live?.memoryLimitBytes ? { max: live.memoryLimitBytes } : {})}
                {...(series === 'cpuPercent' ? { max: 100 } : {})}
                fromMs={Date.parse(history.data.from)}
                stepMs={history.data.stepMs}
                format={(value) => format(value, i18n.language)}
                nothing={t('metrics.nothing')}
              />
            )
          })}
        </dl>
      ) : null}
    </Section>
  )
}
