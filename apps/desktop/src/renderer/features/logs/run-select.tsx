import { useTranslation } from 'react-i18next'
import type { Outputs } from '@/app/trpc/trpc.ts'
import { formatDateTime } from '@/i18n/format.ts'
import { sourceText } from '@/ui/run-badges.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'

interface RunSelectProps {
  /** Absent: the latest, whichever it is. */
  run: string | undefined
  runs: Outputs['runs']['history']
  onRun: (run: string | undefined) => void
}

/** Whose log: the latest run's, or that of an earlier one. */
export function RunSelect({ run, runs, onRun }: RunSelectProps) {
  const { t } = useTranslation()
  return (
    <Select value={run ?? 'latest'} onValueChange={(next) => onRun(next === 'latest' ? undefined : next)}>
      <SelectTrigger className="w-56 max-sm:w-full" aria-label={t('log.run')}>
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        <SelectItem value="latest">{t('log.latestRun')}</SelectItem>
        {runs.map((each) => (
          <SelectItem key={each.runId} value={each.runId}>
            <span className="tabular">{formatDateTime(each.startedAt)}</span> ·{' '}
            {sourceText(each.source, each.branch, each.tag)}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  )
}
