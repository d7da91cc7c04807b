import { useTranslation } from 'react-i18next'
import { cn } from '@/ui/cn.ts'
import { recordLabel } from '../record-label.ts'
import { useRecordsById, useTargetModel } from '../widgets/ref-records.ts'

interface RefLabelsProps {
  /** The model that the ref points at, as it is now. */
  slug: string
  /** An id, or a list of them. */
  value: unknown
  className: string | undefined
}

/** What a ref pointed at, by the labels that those records have today; the id of one that is gone, and that it is. */
export function RefLabels({ slug, value, className }: RefLabelsProps) {
  const { t } = useTranslation()
  const ids = (Array.isArray(value) ? value : [value]).map(String)
  const target = useTargetModel(slug)
  const { byId, isPending } = useRecordsById(target?.slug, ids)
  return (
    <span className="inline-flex min-w-0 flex-wrap gap-x-2 gap-y-1 text-xs">
      {ids.map((id) => {
        const record = byId.get(id)
        const isGone = target !== undefined && !isPending && !record
        return (
          <span key={id} title={id} className={cn('break-words', className)}>
            {record && target ? recordLabel(target, record) : <code>{id}</code>}
            {isGone ? ` (${t('record.refGone')})` : null}
          </span>
        )
      })}
    </span>
  )
}
