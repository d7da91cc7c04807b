import type { DataRecord, Field } from '@m3m/core/client'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError, fieldErrorOf } from '@/app/errors/describe-error.ts'
import { errorText } from '@/app/errors/error-text.ts'
import { toastError } from '@/app/errors/toast-error.ts'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, useTRPCClient } from '@/app/trpc/trpc.ts'
import { cn } from '@/ui/cn.ts'
import { toast } from '@/ui/toaster.tsx'
import { sameValue } from '../form/same-value.ts'
import { LabelledWidget } from '../widgets/labelled-widget.tsx'
import type { GridColumn } from './columns.ts'
import { cellWidget } from './editable.ts'

interface CellEditorProps {
  record: DataRecord
  column: GridColumn
  modelSlug: string
  /** The record as it is now, or `null` when nothing was changed. */
  onDone: (record: DataRecord | null) => void
}

/** One value, changed in its place: Enter saves, Escape leaves it. The agent's complaint stands below. */
export function CellEditor({ record, column, modelSlug, onDone }: CellEditorProps) {
  const { key, field } = column
  const [value, setValue] = useState<unknown>(record[key])
  const latest = useRef(value)
  latest.current = value
  const box = useRef<HTMLDivElement>(null)
  const { save, problem } = useCellSave(record, field, modelSlug, onDone)
  useEffect(() => focusControl(box.current), [])
  const take = (next: unknown) => {
    latest.current = next
    setValue(next)
  }
  const commit = () => save(latest.current)
  const onKeyDown = (event: KeyboardEvent) => {
    // Keys of an open list or calendar are its own.
    if (!box.current?.contains(event.target as Node)) return
    event.stopPropagation()
    if (event.key === 'Escape') return onDone(null)
    if (event.key !== 'Enter' || (event.target as HTMLElement).role === 'combobox') return
    event.preventDefault()
    // Numbers and dates read what was typed when they lose the focus.
    ;(document.activeElement as HTMLElement | null)?.blur()
  }
  const onBlur = (event: FocusEvent) => {
    const next = event.relatedTarget as HTMLElement | null
    if (box.current?.contains(next) || next?.closest('[data-radix-popper-content-wrapper], [role=listbox]'))
      return
    // After the control's own reading of the text.
    queueMicrotask(commit)
  }
  const kind = cellWidget(field, column.isSystem)!
  return (
    <div
      ref={box}
      data-cell-editor
      onKeyDown={onKeyDown}
      onBlur={onBlur}
      className="relative w-full min-w-32"
    >
      <LabelledWidget
        label={column.title}
        kind={kind}
        field={field.type === 'bool' ? asSelect(field) : field}
        value={field.type === 'bool' ? boolText(value) : value}
        onChange={(next) => {
          take(field.type === 'bool' ? boolOf(next) : next)
          // A choice is whole with one click.
          if (kind === 'select') commit()
        }}
        errors={NO_ERRORS}
        isReadOnly={false}
        {...(problem && { 'aria-invalid': true })}
      />
      {problem ? (
        <p
          role="alert"
          className={cn(
            'absolute top-full left-0 z-30 mt-0.5 w-max max-w-80 rounded-md font-sans border border-destructive/40 bg-popover px-2 py-1',
            'text-xs whitespace-normal text-destructive shadow-md',
          )}
        >
          {problem}
        </p>
      ) : null}
    </div>
  )
}

const NO_ERRORS = {}

/** Saves one field and offers the way back. */
function useCellSave(record: DataRecord, field: Field, modelSlug: string, onDone: CellEditorProps['onDone']) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const [problem, setProblem] = useState<string | null>(null)
  const isBusy = useRef(false)
  const where = { projectId: project.id, model: modelSlug, id: record.id }
  const write = async (value: unknown, version: number) => {
    const saved = await client.records.update.mutate({ ...where, version, data: { [field.key]: value } })
    void queryClient.invalidateQueries({ queryKey: trpc.records.pathKey() })
    return saved as DataRecord
  }
  const save = (value: unknown) => {
    if (isBusy.current) return
    if (sameValue(value ?? null, record[field.key] ?? null)) return onDone(null)
    isBusy.current = true
    write(value ?? null, record.version).then(
      (saved) => {
        const undo = () => void write(record[field.key] ?? null, saved.version).catch(toastError)
        toast.success(t('grid.cellSaved', { name: field.label ?? field.key }), {
          action: { label: t('action.undo'), onClick: undo },
        })
        onDone(saved)
      },
      (error: unknown) => {
        isBusy.current = false
        setProblem(fieldErrorOf(error, field.key) ?? errorText(describeError(error), t))
      },
    )
  }
  return { save, problem }
}

/** A switch cannot say "no value", and is not seen to be changed: a list of two can, and is. */
const asSelect = (field: Field): Field => ({
  ...field,
  type: 'select',
  options: ['true', 'false'],
  required: !field.nullable,
})
const boolText = (value: unknown): unknown => (typeof value === 'boolean' ? String(value) : value)
const boolOf = (value: unknown): unknown => (typeof value === 'string' ? value === 'true' : value)

function focusControl(box: HTMLElement | null): void {
  const control = box?.querySelector<HTMLElement>('input, button, [tabindex]')
  control?.focus()
  if (control instanceof HTMLInputElement) control.select()
}
