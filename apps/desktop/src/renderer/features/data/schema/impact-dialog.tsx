import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { Badge } from '@/ui/badge.tsx'
import { Checkbox } from '@/ui/checkbox.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { CodeUsages } from './code-usages.tsx'
import type { ModelUpdate } from './use-schema-change.ts'

type ModelImpact = ModelUpdate['impact'][number]

interface ImpactDialogProps {
  update: ModelUpdate
  /** The model's slug as it is now. */
  slug: string
  /** Keys as they are now, of fields that go, move or change their type. */
  touched: readonly string[]
  isPending: boolean
  onClose: () => void
  onApply: (options: { force: boolean }) => void
}

/** Before a schema is saved: what becomes of the records, and which code names the fields. */
export function ImpactDialog({ update, slug, touched, isPending, onClose, onApply }: ImpactDialogProps) {
  const { t } = useTranslation()
  const [isForced, setForced] = useState(false)
  const breaking = update.impact.filter(({ breaks, change }) => breaks > 0 && change !== 'removed')
  // No record can be taken out of a unique index by force.
  const isFatal = breaking.some(({ change }) => change === 'index')
  const isLossy = update.impact.some(({ breaks }) => breaks > 0)
  const mustForce = breaking.length > 0 && !isFatal
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('data.impactTitle', { count: update.records })}
      description={isLossy ? null : t('data.impactNone')}
      action={t('data.applySchema')}
      isDestructive={isLossy}
      isPending={isPending || isFatal || (mustForce && !isForced)}
      onConfirm={() => onApply({ force: isForced })}
    >
      <ul className="max-h-[45dvh] divide-y overflow-y-auto rounded-md border">
        {update.impact.toSorted(byGravity).map((item) => (
          <ImpactRow
            key={`${item.field}:${item.change}`}
            item={item}
            slug={slug}
            note={item.change === 'added' && update.records > 0 ? noteOf(update.model, item.field) : null}
          />
        ))}
      </ul>
      <CodeUsages keys={touched} />
      {isFatal ? <p className="text-sm text-destructive">{t('schema.fatalIndex')}</p> : null}
      {mustForce ? (
        <label className="flex items-start gap-2 text-sm">
          <Checkbox
            checked={isForced}
            onCheckedChange={(isOn) => setForced(isOn === true)}
            className="mt-0.5"
          />
          {t('schema.force')}
        </label>
      ) : null}
    </ConfirmDialog>
  )
}

/** What forbids the change is seen without scrolling, then what is lost. */
const byGravity = (a: ModelImpact, b: ModelImpact): number => gravityOf(b) - gravityOf(a)
const gravityOf = ({ change, breaks }: ModelImpact): number => (breaks === 0 ? 0 : change === 'index' ? 2 : 1)

interface ImpactRowProps {
  item: ModelImpact
  slug: string
  /** What the records that exist do not get of a new field. */
  note: 'addedRequired' | 'addedDefault' | null
}

/** Records that exist are not written for a new field: neither its default nor that it is required reaches them. */
function noteOf({ fields }: ModelUpdate['model'], key: string): ImpactRowProps['note'] {
  const field = fields.find((one) => one.key === key)
  if (field?.type === 'autodate') return null
  return field?.required ? 'addedRequired' : field?.default === undefined ? null : 'addedDefault'
}

function ImpactRow({ item, slug, note }: ImpactRowProps) {
  const { t } = useTranslation()
  return (
    <li className="grid gap-1 px-3 py-2">
      <span className="flex flex-wrap items-center gap-2 text-sm">
        {t(`data.impact.${item.change}`, { field: item.field })}
        {item.converts > 0 ? <Badge>{t('schema.converts', { count: item.converts })}</Badge> : null}
      </span>
      {note ? <span className="text-xs text-muted-foreground">{t(`schema.${note}`)}</span> : null}
      {item.breaks > 0 ? (
        <span className="text-xs text-destructive">
          {t(item.change === 'removed' ? 'schema.valuesGo' : 'data.impactBreaks', { count: item.breaks })}
        </span>
      ) : null}
      {item.samples.length > 0 ? (
        <ul className="grid gap-0.5">
          {item.samples.map((sample) => (
            <li key={sample.id} className="flex min-w-0 items-baseline gap-2 text-xs">
              <SampleLink slug={slug} item={item} sample={sample} />
              <span className="min-w-0 truncate text-muted-foreground">
                <code>{JSON.stringify(sample.value)}</code> {sample.message}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </li>
  )
}

/** One record, or for a unique index all that have the value. */
function SampleLink({
  slug,
  item,
  sample,
}: {
  slug: string
  item: ModelImpact
  sample: ModelImpact['samples'][number]
}) {
  const { t } = useTranslation()
  const project = useProject()
  const to = {
    to: '/projects/$slug/data/$model',
    params: { slug: project.slug, model: slug },
    target: '_blank',
  } as const
  const isGroup = item.change === 'index'
  return (
    <Link
      {...to}
      search={isGroup ? { filter: sameValues(item.field, sample.value) } : { record: sample.id }}
      className="shrink-0 font-mono underline underline-offset-2"
    >
      {isGroup ? t('schema.showThem') : `…${sample.id.slice(-6)}`}
    </Link>
  )
}

/** The filter for records that share the values of a unique index. Pure. */
export function sameValues(fields: string, values: unknown): string {
  const keys = fields.split(',')
  const list = Array.isArray(values) ? (values as unknown[]) : [values]
  const parts = keys.map((key, index) =>
    list[index] === null || list[index] === undefined
      ? `${key} isNull`
      : `${key} = ${JSON.stringify(list[index])}`,
  )
  return parts.join(' && ')
}
