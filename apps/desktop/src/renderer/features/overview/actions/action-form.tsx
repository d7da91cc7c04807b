import type { DialogField } from '@m3m/core/client'
import { LoaderCircleIcon } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import { useId, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Checkbox } from '@/ui/checkbox.tsx'
import { DialogFooter } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input, Textarea } from '@/ui/input.tsx'
import { Label } from '@/ui/label.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { firstValues, problemsOf, valuesToSend, type FormValue } from './form-values.ts'
import type { OpenDialog } from './press-state.ts'
import type { DialogAnswer } from './use-presses.ts'

interface FormProps {
  open: OpenDialog
  form: Extract<OpenDialog['dialog'], { type: 'form' }>
  onAnswer: (answer: DialogAnswer) => void
}

/** A form of an action: it stays until the service is content with what was filled in. */
export function ActionForm({ open, form, onAnswer }: FormProps) {
  const { t } = useTranslation()
  const [values, setValues] = useState(() => firstValues(form.fields))
  const [problems, setProblems] = useState<ReturnType<typeof problemsOf>>({})
  const buttons =
    form.actions.length > 0
      ? form.actions
      : [{ label: t('actions.send'), action: '', variant: 'default' as const }]

  const send = (action: string) => {
    const found = problemsOf(form.fields, values)
    setProblems(found)
    if (Object.keys(found).length === 0) onAnswer({ action, data: valuesToSend(form.fields, values) })
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!open.isPending) send(buttons[0]!.action)
  }
  const errorOf = (name: string) => {
    const problem = problems[name]
    return problem ? t(`actions.${problem}`) : open.errors[name]
  }

  return (
    <form className="grid gap-4" noValidate onSubmit={submit}>
      {form.text ? <p className="text-sm whitespace-pre-wrap wrap-anywhere">{form.text}</p> : null}
      <div className="grid grid-cols-6 gap-x-3 gap-y-4">
        {form.fields.map((field, i) => (
          <div key={field.name} className={SPANS[field.colspan]}>
            <FieldControl
              field={field}
              value={values[field.name] ?? ''}
              error={errorOf(field.name)}
              isFirst={i === 0}
              onChange={(value) => setValues((current) => ({ ...current, [field.name]: value }))}
            />
          </div>
        ))}
      </div>
      {open.errors[''] ? (
        <p role="alert" className="text-sm text-destructive">
          {open.errors['']}
        </p>
      ) : null}
      <DialogFooter>
        <Button variant="outline" className="sm:mr-auto" onClick={() => onAnswer(null)}>
          {t('action.cancel')}
        </Button>
        {buttons.toReversed().map(({ label, action, variant }, i, all) => (
          <Button
            key={action}
            variant={variant}
            disabled={open.isPending}
            {...(i === all.length - 1 ? { type: 'submit' } : { onClick: () => send(action) })}
          >
            {open.isPending && i === all.length - 1 ? <LoaderCircleIcon className="animate-spin" /> : null}
            {label}
          </Button>
        ))}
      </DialogFooter>
    </form>
  )
}

/** Whole classes, so that Tailwind finds them; narrow screens take a line for each field. */
const SPANS: Readonly<Record<number, string>> = {
  1: 'col-span-6 sm:col-span-1',
  2: 'col-span-6 sm:col-span-2',
  3: 'col-span-6 sm:col-span-3',
  4: 'col-span-6 sm:col-span-4',
  5: 'col-span-6 sm:col-span-5',
  6: 'col-span-6',
}

interface ControlProps {
  field: DialogField
  value: FormValue
  error: string | undefined
  isFirst: boolean
  onChange: (value: FormValue) => void
}

function FieldControl(props: ControlProps) {
  const { field, value, error, isFirst, onChange } = props
  if (field.type === 'checkbox') return <CheckboxField {...props} />
  if (field.type === 'radiogroup') return <RadioField {...props} />
  const text = typeof value === 'string' ? value : ''
  const common = {
    label: <FieldLabel field={field} />,
    hint: field.hint || undefined,
    ...(error && { error }),
  }
  if (field.type === 'select')
    return (
      <Field {...common}>
        <SelectControl field={field} value={text} onChange={onChange} />
      </Field>
    )
  const control = {
    value: text,
    placeholder: field.placeholder,
    autoFocus: isFirst,
    'aria-required': field.required,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  }
  return (
    <Field {...common}>
      {field.type === 'textarea' ? (
        <Textarea rows={4} maxLength={20_000} {...control} />
      ) : (
        <Input type={INPUTS[field.type]} maxLength={20_000} autoComplete="off" step="any" {...control} />
      )}
    </Field>
  )
}

const INPUTS = {
  input: 'text',
  number: 'number',
  password: 'password',
  date: 'date',
  datetime: 'datetime-local',
} as const

function FieldLabel({ field }: { field: DialogField }) {
  return (
    <>
      {field.label}
      {field.required ? (
        <span aria-hidden className="text-destructive">
          *
        </span>
      ) : null}
    </>
  )
}

/** Takes what {@link Field} gives its control. */
function SelectControl({
  field,
  value,
  onChange,
  ...given
}: {
  field: DialogField
  value: string
  onChange: (value: string) => void
}) {
  const { t } = useTranslation()
  return (
    <Select value={value} onValueChange={onChange} {...given}>
      <SelectTrigger>
        <SelectValue placeholder={field.placeholder || t('actions.choose')} />
      </SelectTrigger>
      <SelectContent>
        {field.options
          .filter((option) => option.value !== '')
          .map((option) => (
            <SelectItem key={option.value} value={option.value}>
              {option.label}
            </SelectItem>
          ))}
      </SelectContent>
    </Select>
  )
}

function CheckboxField({ field, value, error, onChange }: ControlProps) {
  const id = useId()
  return (
    <div className="grid gap-1">
      <Label htmlFor={id}>
        <Checkbox id={id} checked={value === true} onCheckedChange={(on) => onChange(on === true)} />
        <FieldLabel field={field} />
      </Label>
      <Note hint={field.hint} error={error} />
    </div>
  )
}

function RadioField({ field, value, error, onChange }: ControlProps) {
  return (
    <div className="grid gap-1.5">
      <Label asSpan>
        <FieldLabel field={field} />
      </Label>
      <RadioGroup.Root
        value={typeof value === 'string' ? value : ''}
        onValueChange={onChange}
        aria-label={field.label}
        className="grid gap-1.5"
      >
        {field.options.map((option) => (
          <label key={option.value} className="flex items-center gap-2 text-sm">
            <RadioGroup.Item
              value={option.value}
              className="grid size-4 shrink-0 place-items-center rounded-full border border-input bg-background data-[state=checked]:border-primary"
            >
              <RadioGroup.Indicator className="size-2 rounded-full bg-primary" />
            </RadioGroup.Item>
            {option.label}
          </label>
        ))}
      </RadioGroup.Root>
      <Note hint={field.hint} error={error} />
    </div>
  )
}

function Note({ hint, error }: { hint: string; error: string | undefined }) {
  if (error)
    return (
      <p role="alert" className="text-xs text-destructive">
        {error}
      </p>
    )
  return hint ? <p className="text-xs text-muted-foreground">{hint}</p> : null
}
