import type { DataRecord, Model } from '@m3m/core/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldErrorOf } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { Sheet, SheetContent } from '@/ui/sheet.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { toast } from '@/ui/toaster.tsx'
import { formValueOf, isEditable, sentValueOf, type FormValue } from './field-values.ts'
import { RecordField } from './record-field.tsx'

interface RecordSheetProps {
  model: Model
  /** null for a new one. */
  recordId: string | null
  onClose: () => void
}

export function RecordSheet({ model, recordId, onClose }: RecordSheetProps) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const record = useQuery(
    trpc.records.get.queryOptions(
      { projectId: project.id, model: model.slug, id: recordId ?? '' },
      { enabled: recordId !== null, staleTime: 0 },
    ),
  )
  return (
    <Sheet open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <SheetContent
        title={t(recordId === null ? 'data.newRecord' : 'data.editRecord')}
        onOpenAutoFocus={recordId === null ? focusFirstField : undefined}
      >
        {record.error ? (
          <ErrorState error={record.error} className="m-4" />
        ) : recordId !== null && !record.data ? (
          <SkeletonRows rows={6} />
        ) : (
          <RecordForm key={record.data?.version ?? 0} model={model} record={record.data ?? null} onClose={onClose} />
        )}
      </SheetContent>
    </Sheet>
  )
}

/** A new record is there to be typed: the first field, not the button that closes. */
function focusFirstField(event: Event): void {
  const field = (event.currentTarget as HTMLElement).querySelector<HTMLElement>('form :is(input, textarea, button)')
  if (!field) return
  event.preventDefault()
  field.focus()
}

function RecordForm({ model, record, onClose }: { model: Model; record: DataRecord | null; onClose: () => void }) {
  const { t } = useTranslation()
  const mayWrite = useMay('records:write')
  const form = useRecordForm(model, record, onClose)
  const [isRemoving, setRemoving] = useState(false)
  const { error } = form
  const isTold = model.fields.some(({ key }) => fieldErrorOf(error, key) ?? form.jsonErrors.has(key))
  return (
    <form onSubmit={form.submit} className="flex min-h-0 flex-1 flex-col">
      <div className="grid min-h-0 flex-1 content-start gap-4 overflow-y-auto p-4">
        {model.fields.filter(isEditable).map((field) => (
          <RecordField
            key={field.id}
            field={field}
            value={form.values[field.key] ?? ''}
            error={form.jsonErrors.has(field.key) ? t('data.notJson') : fieldErrorOf(error, field.key)}
            isReadOnly={!mayWrite}
            onChange={(value) => form.set(field.key, value)}
          />
        ))}
        {record ? (
          <p className="font-mono text-xs break-all text-muted-foreground">
            {record.id} · {t('data.version', { version: record.version })}
          </p>
        ) : null}
        {error && !isTold ? <ErrorState error={error} /> : null}
      </div>
      {mayWrite ? (
        <footer className="flex items-center gap-2 border-t p-3">
          {record ? (
            <Button variant="danger" onClick={() => setRemoving(true)}>
              {t('data.removeRecord')}
            </Button>
          ) : null}
          <Button type="submit" className="ml-auto" disabled={form.isPending}>
            {t(record ? 'data.saveRecord' : 'data.createRecord')}
          </Button>
        </footer>
      ) : null}
      {record ? (
        <ConfirmDialog
          open={isRemoving}
          onOpenChange={setRemoving}
          title={t('data.removeRecordTitle')}
          description={t('data.removeRecordHint', { id: record.id })}
          action={t('data.removeRecord')}
          isPending={form.isPending}
          onConfirm={form.remove}
        />
      ) : null}
    </form>
  )
}

function useRecordForm(model: Model, record: DataRecord | null, onClose: () => void) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [values, setValues] = useState<Record<string, FormValue>>(() =>
    Object.fromEntries(
      model.fields.map((field) => [field.key, formValueOf(field, record ? record[field.key] : field.default)]),
    ),
  )
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [jsonErrors, setJsonErrors] = useState<ReadonlySet<string>>(new Set())
  const options = {
    meta: { showsError: true },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: trpc.records.pathKey() })
      onClose()
    },
  }
  const create = useMutation(trpc.records.create.mutationOptions(options))
  const update = useMutation(trpc.records.update.mutationOptions(options))
  const removal = useMutation(trpc.records.remove.mutationOptions(options))
  const where = { projectId: project.id, model: model.slug }

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const { data, broken } = collect(model, values, touched)
    setJsonErrors(broken)
    if (broken.size > 0) return
    if (record) update.mutate({ ...where, id: record.id, data, version: record.version })
    else create.mutate({ ...where, data })
  }
  return {
    values,
    set: (key: string, value: FormValue) => {
      setValues({ ...values, [key]: value })
      setTouched(new Set([...touched, key]))
    },
    jsonErrors,
    submit,
    remove: () =>
      removal.mutate({ ...where, id: record!.id }, { onSuccess: () => toast.success(t('data.recordRemoved')) }),
    error: create.error ?? update.error ?? removal.error,
    isPending: create.isPending || update.isPending || removal.isPending,
  }
}

/** Only what was touched is sent: defaults stay the agent's, and a change of one field is no change of all. */
function collect(model: Model, values: Record<string, FormValue>, touched: ReadonlySet<string>) {
  const data: Record<string, unknown> = {}
  const broken = new Set<string>()
  for (const field of model.fields) {
    if (!touched.has(field.key)) continue
    try {
      data[field.key] = sentValueOf(field, values[field.key] ?? '')
    } catch {
      broken.add(field.key)
    }
  }
  return { data, broken }
}
