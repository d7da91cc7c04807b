import { useTranslation } from 'react-i18next'
import type { Outputs } from '../trpc/trpc.ts'
import { formatBytes, formatPercent } from '@/i18n/format.ts'
import { MeterCard } from '@/ui/metrics/meter-card.tsx'

/** CPU and memory as two compact cards, of a project or of the agent. */
export function Meters({
  of,
  live,
}: {
  of: 'project' | 'agent'
  live: Outputs['metrics']['live'] | undefined
}) {
  const { t, i18n } = useTranslation()
  if (!live?.now) return null
  const { now, samples, memoryLimitBytes } = live
  const memoryOf = (sample: typeof now) => (of === 'project' ? sample.heapBytes : sample.rssBytes)
  const cpu = formatPercent(now.cpuPercent / 100, i18n.language)
  const memory = formatBytes(memoryOf(now), i18n.language)
  const share = memoryLimitBytes ? memoryOf(now) / memoryLimitBytes : undefined
  const limit = memoryLimitBytes ? formatBytes(memoryLimitBytes, i18n.language) : ''
  return (
    <div className="flex gap-1.5" data-live>
      <MeterCard
        name={t(of === 'project' ? 'metrics.cpu' : 'metrics.agentCpu')}
        value={cpu}
        share={Math.min(1, now.cpuPercent / 100)}
        samples={samples.map((sample) => sample.cpuPercent)}
        max={100}
        title={t(`metrics.cpuTitle.${of}`, { value: cpu })}
      />
      <MeterCard
        name={t(of === 'project' ? 'metrics.memory' : 'metrics.agentMemory')}
        value={memory}
        share={share}
        samples={samples.map(memoryOf)}
        title={t(limit ? `metrics.memoryTitle.${of}` : 'metrics.memoryTitle.plain', { value: memory, limit })}
      />
    </div>
  )
}
