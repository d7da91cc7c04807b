import type { Field, Model } from '@m3m/core/client'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { toastError } from '@/app/errors/toast-error.ts'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPCClient } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { toast } from '@/ui/toaster.tsx'
import { RecordField } from '../record-field.tsx'
import { widgetOf, type WidgetKind } from '../widgets/widget-kinds.ts'
import { BulkProgress } from './bulk-progress.tsx'
import type { BulkOutcome, BulkWork } from './bulk-work.ts'

/** What stood there before is kept, to be put back, while it is not more than this. */
const MOST_UNDONE = 1_000
const MOST_VALUES = 50

interface BulkEditDialogProps {
  model: Model
  count: number
  /** More than `count` are chosen. */
  isAtLeast: boolean
  work: BulkWork
  onClose: () => void
  onDone: () => void
}

/** One field, one value, many records. */
export function BulkEditDialog({ model, count, isAtLeast, work, onClose, onDone }: BulkEditDialogProps) {
  const { t } = useTranslation()
  const fields = model.fields.filter(canBeBulk)
  const [key, setKey] = useState(fields[0]?.key ?? '')
  const [value, setValue] = useState<unknown>(undefined)
  const [error, setError] = useState<unknown>(null)
  const [refused, setRefused] = useState<BulkOutcome | null>(null)
  const field = fields.find((one) => one.key === key)
  const edit = useBulkEdit(model, work)
  const isBusy = work.progress !== null
  const submit = () => {
    setError(null)
    setRefused(null)
    edit(key, value ?? null).then((outcome) => {
      if (outcome.refused > 0) return setRefused(outcome)
      onClose()
      onDone()
    }, setError)
  }
  return (
    <Dialog open onOpenChange={() => !isBusy && onClose()}>
      <DialogContent className="sm:max-w-lg">
        <DialogHeader
          title={t(isAtLeast ? 'grid.editTitleAtLeast' : 'grid.editTitle', { count })}
          description={t('grid.editHint')}
        />
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            submit()
          }}
        >
          <FieldSelect
            fields={fields}
            chosen={key}
            onChoose={(next) => {
              setKey(next)
              setValue(undefined)
            }}
          />
          {field ? (
            <RecordField
              key={key}
              field={field}
              path={key}
              widget={kindOf(field)}
              value={value}
              errors={NO_ERRORS}
              isReadOnly={isBusy}
              onChange={setValue}
            />
          ) : null}
          <BulkProgress work={work} />
          {error ? <ErrorState error={error} /> : null}
          {refused ? <Refused outcome={refused} /> : null}
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline" disabled={isBusy}>
                {t(refused ? 'action.close' : 'action.cancel')}
              </Button>
            </DialogClose>
            <Button
              type="submit"
              disabled={
                !field || isBusy || (field.required === true && !value && value !== 0 && value !== false)
              }
            >
              {isAtLeast ? t('grid.editChosen') : t('grid.editAction', { count })}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

interface FieldSelectProps {
  fields: readonly Field[]
  chosen: string
  onChoose: (key: string) => void
}

function FieldSelect({ fields, chosen, onChoose }: FieldSelectProps) {
  const { t } = useTranslation()
  return (
    <Select value={chosen} onValueChange={onChoose}>
      <SelectTrigger aria-label={t('grid.editField')}>
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        {fields.map((one) => (
          <SelectItem key={one.key} value={one.key}>
            {one.label ?? one.key}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  )
}

const NO_ERRORS = {}

/** What the system sets, what must differ from record to record, and files, which belong to one record. */
const canBeBulk = (field: Field): boolean =>
  field.type !== 'autodate' && field.type !== 'file' && field.unique !== true

/** The editor of rich text belongs to a form; here its HTML is typed. */
const kindOf = (field: Field): WidgetKind =>
  field.format === 'html' ? 'textarea' : field.type === 'document' ? 'json' : widgetOf(field, undefined)

function Refused({ outcome }: { outcome: BulkOutcome }) {
  const { t } = useTranslation()
  return (
    <div
      role="alert"
      className="grid gap-1.5 rounded-md border border-destructive/30 bg-destructive/5 p-3 text-sm"
    >
      <p>{t('grid.editRefused', { count: outcome.refused, done: outcome.done })}</p>
      <ul className="grid max-h-40 gap-1 overflow-y-auto text-xs">
        {outcome.problems.slice(0, 20).map(({ id, code, message }) => (
          <li key={id} className="grid grid-cols-[4.5rem_1fr] gap-2">
            <code className="text-muted-foreground" title={code}>
              {id.slice(-6)}
            </code>
            {message}
          </li>
        ))}
      </ul>
    </div>
  )
}

function useBulkEdit(model: Model, work: BulkWork) {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const client = useTRPCClient()
  const where = { projectId, model: model.slug }
  const write = (ids: readonly string[], data: Record<string, unknown>) =>
    work.run(ids, (part) => client.records.updateMany.mutate({ ...where, ids: part, data }))

  /** Ids by the value that they have now, as JSON; `null` when that is too much to put back. */
  async function valuesOf(ids: readonly string[], key: string): Promise<Map<string, string[]> | null> {
    if (ids.length > MOST_UNDONE) return null
    const filter = { id: { $in: [...ids] } }
    const { items } = await client.records.list.query({
      ...where,
      filter,
      fields: key,
      pageSize: MOST_UNDONE,
      skipTotal: true,
    })
    const before = Map.groupBy(items, (item) => JSON.stringify(item[key] ?? null))
    if (before.size > MOST_VALUES) return null
    return new Map([...before].map(([value, some]) => [value, some.map(({ id }) => id)]))
  }

  return async (key: string, value: unknown): Promise<BulkOutcome> => {
    const ids = await work.ids()
    const before = await valuesOf(ids, key)
    const outcome = await write(ids, { [key]: value })
    const undo = async () => {
      for (const [json, some] of before ?? []) await write(some, valueAgain(model, key, JSON.parse(json)))
    }
    if (outcome.done > 0)
      toast.success(t('grid.edited', { count: outcome.done }), {
        ...(before && { action: { label: t('action.undo'), onClick: () => void undo().catch(toastError) } }),
      })
    return outcome
  }
}

/** The change by which a field is as it was: where it had no value and may not be null, the value goes. */
function valueAgain(model: Model, key: string, value: unknown): Record<string, unknown> {
  const mayBeNull = model.fields.some((field) => field.key === key && field.nullable === true)
  return value === null && !mayBeNull ? { $unset: { [key]: true } } : { [key]: value }
}
