import type { Field } from '@m3m/core/client'
import { useTranslation } from 'react-i18next'
import { formatDateTime } from '@/i18n/format.ts'
import { cn } from '@/ui/cn.ts'
import { RefLabels } from './ref-labels.tsx'
import { textDiff } from './text-diff.ts'

/** What is asked of a field to show its values. */
type ShownField = Pick<Field, 'type' | 'refModel'>

/** A value of a record as text. Pure. */
export function valueText(field: Pick<Field, 'type'>, value: unknown): string {
  if (typeof value === 'string') return field.type === 'datetime' ? formatDateTime(value) : value
  if (typeof value === 'object' && value !== null) return JSON.stringify(value, null, 2)
  return String(value)
}

const isProse = (field: Pick<Field, 'type'>): boolean => ['text', 'document'].includes(field.type)

/** A value, null and the empty text as what they are. */
export function ValueView({
  field,
  value,
  className,
}: {
  field: ShownField
  value: unknown
  className?: string
}) {
  const { t } = useTranslation()
  if (value === null || value === undefined)
    return <span className={cn('font-mono text-xs text-muted-foreground', className)}>null</span>
  if (value === '')
    return <span className={cn('text-xs text-muted-foreground', className)}>{t('record.emptyText')}</span>
  if (field.type === 'ref' && field.refModel)
    return <RefLabels slug={field.refModel} value={value} className={className} />
  return (
    <span
      className={cn(
        'text-xs break-words whitespace-pre-wrap',
        typeof value !== 'string' && 'font-mono',
        className,
      )}
    >
      {valueText(field, value)}
    </span>
  )
}

interface ValueDiffProps {
  field: ShownField
  before: unknown
  after: unknown
  /** There was nothing before: what came says all. */
  isFirst?: boolean
}

/** Before and after; prose word by word. */
export function ValueDiff({ field, before, after, isFirst = false }: ValueDiffProps) {
  if (isProse(field) && hasValue(before) && hasValue(after))
    return (
      <p className="max-h-72 overflow-y-auto text-xs break-words whitespace-pre-wrap">
        {textDiff(valueText(field, before), valueText(field, after)).map((part, index) => (
          <span
            key={index}
            className={cn(part.kind === 'added' && addedClass, part.kind === 'removed' && removedClass)}
          >
            {part.text}
          </span>
        ))}
      </p>
    )
  return (
    <p className="flex max-h-72 flex-wrap items-baseline gap-x-2 gap-y-1 overflow-y-auto">
      {isFirst ? null : (
        <>
          <ValueView field={field} value={before} className={hasValue(before) ? removedClass : ''} />
          <span aria-hidden className="text-xs text-muted-foreground">
            →
          </span>
        </>
      )}
      <ValueView field={field} value={after} className={hasValue(after) ? addedClass : ''} />
    </p>
  )
}

const hasValue = (value: unknown): boolean => value !== null && value !== undefined && value !== ''

const addedClass = 'rounded-xs bg-running/12 text-running'
const removedClass = 'rounded-xs bg-destructive/10 text-destructive line-through decoration-destructive/50'
