import type { DataRecord } from '@m3m/core/client'
import { useTranslation } from 'react-i18next'
import { TimeAgo } from '@/ui/time-ago.tsx'

/** Which record, which version, since when. */
export function RecordFacts({ record }: { record: DataRecord }) {
  const { t } = useTranslation()
  return (
    <>
      <code className="truncate">{record.id}</code>
      <span>·</span>
      <span className="shrink-0">{t('data.version', { version: record.version })}</span>
      <span className="hidden sm:inline">·</span>
      <TimeAgo at={String(record.updatedAt)} className="hidden shrink-0 sm:inline" />
    </>
  )
}
