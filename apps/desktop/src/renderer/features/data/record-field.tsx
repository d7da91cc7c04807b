import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/ui/cn.ts'
import { Label } from '@/ui/label.tsx'
import { Widget } from './widgets/widget.tsx'
import type { FormFieldProps } from './widgets/widget-props.ts'

/** A field of a record: its label and marks, the control, and one line of help or complaint. */
export function RecordField({
  field,
  path,
  widget,
  value,
  errors,
  isReadOnly,
  isChanged = false,
  onChange,
}: FormFieldProps) {
  const id = useId()
  const error = errorText(errors, widget === 'form')
  const note = error ?? field.help
  return (
    <div data-field={path} className="group/field grid content-start gap-1.5">
      <div className="flex min-h-5 items-center gap-1.5">
        <Label htmlFor={id} className="min-w-0">
          <span className="truncate">{field.label ?? field.key}</span>
          {field.required ? (
            <span aria-hidden className="text-destructive">
              *
            </span>
          ) : null}
          <span className="font-mono text-2xs font-normal text-muted-foreground">
            {field.format ?? field.type}
          </span>
        </Label>
        <Marks
          field={field}
          value={value}
          isChanged={isChanged}
          isReadOnly={isReadOnly}
          onChange={onChange}
        />
      </div>
      <Widget
        kind={widget}
        field={field}
        value={value}
        errors={errors}
        isReadOnly={isReadOnly}
        onChange={onChange}
        id={id}
        {...(note && { 'aria-describedby': `${id}-note` })}
        {...(error && { 'aria-invalid': true })}
      />
      {note ? (
        <p
          id={`${id}-note`}
          role={error ? 'alert' : undefined}
          className={cn('text-xs whitespace-pre-line', error ? 'text-destructive' : 'text-muted-foreground')}
        >
          {note}
        </p>
      ) : null}
    </div>
  )
}

/** A form shows what is wrong inside it at the place; other controls say it all below. */
function errorText(errors: Readonly<Record<string, string>>, isForm: boolean): string | undefined {
  const shown = Object.entries(errors).filter(([path]) => path === '' || !isForm)
  if (shown.length === 0) return undefined
  return shown.map(([path, message]) => (path === '' ? message : `${path}: ${message}`)).join('\n')
}

type MarksProps = Pick<FormFieldProps, 'field' | 'value' | 'isReadOnly' | 'onChange'> & { isChanged: boolean }

/** At the right of the label: changed, null, and the way to null. */
function Marks({ field, value, isChanged, isReadOnly, onChange }: MarksProps) {
  const { t } = useTranslation()
  const isDefault = !isChanged && value !== undefined && value !== null && field.default !== undefined
  return (
    <span className="ml-auto flex shrink-0 items-center gap-1.5 text-2xs text-muted-foreground">
      {isChanged ? (
        <span
          title={t('record.changedMark')}
          className="size-1.5 rounded-full bg-moving"
          aria-label={t('record.changedMark')}
        />
      ) : null}
      {isDefault && JSON.stringify(value) === JSON.stringify(field.default) ? (
        <span>{t('record.default')}</span>
      ) : null}
      {field.nullable && field.type !== 'autodate' ? (
        value === null ? (
          <span className="rounded-xs border px-1 font-mono">null</span>
        ) : isReadOnly ? null : (
          <button
            type="button"
            onClick={() => onChange(null)}
            aria-label={t('record.setNull', { name: field.label ?? field.key })}
            className="rounded-xs px-1 opacity-0 group-focus-within/field:opacity-100 group-hover/field:opacity-100 hover:text-foreground focus-visible:opacity-100 pointer-coarse:opacity-100"
          >
            {t('record.toNull')}
          </button>
        )
      ) : null}
    </span>
  )
}
