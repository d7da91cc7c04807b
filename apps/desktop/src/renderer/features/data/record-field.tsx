import type { Field as ModelField } from '@m3m/core/client'
import { useTranslation } from 'react-i18next'
import { Checkbox, Switch } from '@/ui/checkbox.tsx'
import { Field } from '@/ui/field.tsx'
import { Input, Textarea } from '@/ui/input.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import type { FormValue } from './field-values.ts'

interface RecordFieldProps {
  field: ModelField
  value: FormValue
  error: string | undefined
  isReadOnly: boolean
  onChange: (value: FormValue) => void
}

/** A field of a record with the control that fits its type. */
export function RecordField({ field, value, error, isReadOnly, onChange }: RecordFieldProps) {
  return (
    <Field
      label={
        <>
          {field.label ?? field.key}
          {field.required ? <span aria-hidden className="text-muted-foreground">*</span> : null}
          <span className="font-mono text-2xs font-normal text-muted-foreground">{field.type}</span>
        </>
      }
      hint={field.help}
      error={error}
    >
      <Control field={field} value={value} isReadOnly={isReadOnly} onChange={onChange} />
    </Field>
  )
}

type ControlProps = Omit<RecordFieldProps, 'error'> & { id?: string }

const INPUT_TYPES: Partial<Record<ModelField['type'], string>> = {
  date: 'date',
  datetime: 'datetime-local',
  email: 'email',
  url: 'url',
}

function Control({ field, value, isReadOnly, onChange, ...props }: ControlProps) {
  if (typeof value === 'boolean')
    return <Switch checked={value} onCheckedChange={onChange} disabled={isReadOnly} {...props} />
  if (Array.isArray(value))
    return <Choices options={field.options ?? []} chosen={value} isReadOnly={isReadOnly} onChange={onChange} {...props} />
  if (field.type === 'select')
    return <Choice options={field.options ?? []} chosen={value} isReadOnly={isReadOnly} onChange={onChange} {...props} />
  const shared = { value, readOnly: isReadOnly, ...props }
  if (field.type === 'text' || field.type === 'document' || field.multiple)
    return (
      <Textarea
        {...shared}
        rows={field.type === 'text' ? 4 : 6}
        spellCheck={field.type === 'text'}
        className={field.type === 'text' ? '' : 'font-mono text-xs'}
        onChange={(event) => onChange(event.target.value)}
      />
    )
  return (
    <Input
      {...shared}
      type={INPUT_TYPES[field.type] ?? 'text'}
      {...(field.type === 'datetime' && { step: 1 })}
      {...((field.type === 'number' || field.type === 'float') && { inputMode: 'decimal' as const })}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

interface ChoiceProps<T> {
  id?: string
  options: readonly string[]
  chosen: T
  isReadOnly: boolean
  onChange: (value: FormValue) => void
}

/** Radix gives no item an empty value. */
const NONE = '\u0000'

function Choice({ options, chosen, isReadOnly, onChange, ...props }: ChoiceProps<string>) {
  const { t } = useTranslation()
  return (
    <Select value={chosen || NONE} onValueChange={(next) => onChange(next === NONE ? '' : next)} disabled={isReadOnly}>
      <SelectTrigger {...props}>
        <SelectValue />
      </SelectTrigger>
      <SelectContent>
        <SelectItem value={NONE} className="text-muted-foreground">
          {t('data.setNull')}
        </SelectItem>
        {options.map((option) => (
          <SelectItem key={option} value={option}>
            {option}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  )
}

function Choices({ options, chosen, isReadOnly, onChange, ...props }: ChoiceProps<string[]>) {
  return (
    <div role="group" className="flex flex-wrap gap-x-4 gap-y-1.5" {...props}>
      {options.map((option) => (
        <label key={option} className="flex items-center gap-1.5">
          <Checkbox
            checked={chosen.includes(option)}
            disabled={isReadOnly}
            aria-label={option}
            onCheckedChange={(isOn) =>
              onChange(isOn === true ? [...chosen, option] : chosen.filter((other) => other !== option))
            }
          />
          {option}
        </label>
      ))}
    </div>
  )
}
