import type { DataRecord, Model } from '@m3m/core/client'
import { CheckIcon } from 'lucide-react'
import { useEffect, useRef, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useMay } from '@/app/project/project-context.ts'
import { Button } from '@/ui/button.tsx'
import { Kbd } from '@/ui/kbd.tsx'
import { useShortcut } from '@/ui/use-shortcut.ts'
import { ConflictDialog } from './conflict-dialog.tsx'
import { FormFields } from './form-fields.tsx'
import { ChangedNotice, DraftNotice } from './form-notices.tsx'
import { shownValue } from './record-edit.ts'
import { useRecordForm } from './use-record-form.ts'

interface RecordFormProps {
  model: Model
  /** `null` for a new one. */
  record: DataRecord | null
  initial?: Readonly<Record<string, unknown>> | undefined
  onDirty: (isDirty: boolean) => void
  onSaved: (record: DataRecord, options: { stays: boolean }) => void
}

/** The fields of a record as the model's form lays them out, and saving. */
export function RecordForm({ model, record, initial, onDirty, onSaved }: RecordFormProps) {
  const { t } = useTranslation()
  const mayWrite = useMay('records:write')
  const form = useRecordForm({ model, record, initial, onSaved })
  const box = useRef<HTMLFormElement>(null)
  const answered = useRef(0)
  const isNew = form.edit.base === null
  useShortcut('Mod+S', () => isOnTop(box.current) && form.save({ stays: !isNew }), mayWrite)
  useShortcut('Mod+Enter', () => isOnTop(box.current) && form.save({ stays: false }), mayWrite)
  useEffect(() => onDirty(form.isDirty), [form.isDirty, onDirty])
  useEffect(() => {
    // Once for each refusal: whoever types elsewhere meanwhile is not called back.
    if (form.attempt === answered.current || form.problems.size === 0) return
    answered.current = form.attempt
    focusFirstProblem(box.current)
  }, [form.attempt, form.problems])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // A stacked record is inside this form for React, though not on the page.
    event.stopPropagation()
    form.save({ stays: false })
  }
  return (
    <form ref={box} onSubmit={submit} noValidate className="flex min-h-0 flex-1 flex-col">
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto grid w-full max-w-4xl content-start gap-5 p-4">
          {form.draft ? (
            <DraftNotice
              draft={form.draft}
              isStale={record !== null && form.draft.version !== record.version}
              onRestore={form.restoreDraft}
              onDrop={form.dropDraft}
            />
          ) : null}
          {form.theirs ? <ChangedNotice onReview={form.review} /> : null}
          <FormFields
            model={model}
            valueOf={(field) => shownValue(form.edit, field)}
            problems={form.problems}
            isReadOnly={!mayWrite}
            isChanged={(key) => !isNew && Object.hasOwn(form.edit.changes, key)}
            onChange={form.change}
          />
          {form.error ? <ErrorState error={form.error} /> : null}
        </div>
      </div>
      {mayWrite ? (
        <footer className="flex shrink-0 items-center gap-2 border-t px-4 py-2.5">
          {form.isSaved && !form.isDirty ? (
            <span role="status" className="flex items-center gap-1.5 text-xs text-muted-foreground">
              <CheckIcon className="size-3.5 text-running" /> {t('record.saved')}
            </span>
          ) : (
            <span className="hidden text-xs text-muted-foreground sm:inline">
              <Kbd keys="Mod+S" /> {t(isNew ? 'data.createRecord' : 'record.saveAndStay')}
            </span>
          )}
          <span className="ml-auto flex gap-2">
            {form.isDirty && !isNew ? (
              <Button variant="ghost" onClick={form.discard}>
                {t('action.discard')}
              </Button>
            ) : null}
            <Button type="submit" disabled={form.isPending || (!isNew && !form.isDirty)}>
              {t(isNew ? 'data.createRecord' : 'data.saveRecord')}
            </Button>
          </span>
        </footer>
      ) : null}
      {form.theirs && form.isReviewing ? (
        <ConflictDialog
          model={model}
          edit={form.edit}
          theirs={form.theirs}
          onResolve={form.resolve}
          onClose={form.closeReview}
        />
      ) : null}
    </form>
  )
}

/** Of forms that lie over each other the uppermost takes the keys; what opens last stands last in the page. */
function isOnTop(form: HTMLFormElement | null): boolean {
  return [...document.querySelectorAll('[role=dialog], [role=alertdialog]')].at(-1)?.contains(form) ?? true
}

/** The control of the first field that is wrong, in the order of the page. */
function focusFirstProblem(form: HTMLFormElement | null): void {
  const wrong = form?.querySelector<HTMLElement>(
    '[aria-invalid="true"], [data-field]:has([role=alert]) :is(input, textarea, button)',
  )
  if (!wrong) return
  wrong.scrollIntoView({ block: 'center' })
  wrong.focus({ preventScroll: true })
}
