import type { Field, Model } from '@m3m/core/client'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Checkbox } from '@/ui/checkbox.tsx'
import { Field as LabeledField } from '@/ui/field.tsx'
import { Input, Textarea } from '@/ui/input.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { Widget } from '../widgets/widget.tsx'
import { widgetsFor } from '../widgets/widget-kinds.ts'
import { hasOption, withoutUndefined } from './field-drafts.ts'
import type { FieldComplaints } from './field-errors.ts'

export interface FieldOptionsProps {
  field: Field
  models: readonly Model[]
  complaints: FieldComplaints
  isNested: boolean
  onChange: (field: Field) => void
}

/** Everything a field may say, where it means something for its type. */
export function FieldOptions(props: FieldOptionsProps) {
  const { field, isNested } = props
  const { t } = useTranslation()
  return (
    <div className="grid gap-4 border-t bg-muted/30 px-3 py-3 sm:px-10">
      <div className="flex flex-wrap gap-x-5 gap-y-2">
        {field.type === 'autodate' ? null : (
          <>
            <Flag {...props} option="required" />
            <Flag {...props} option="nullable" />
          </>
        )}
        {!isNested && hasOption(field, 'unique') ? <Flag {...props} option="unique" /> : null}
        {!isNested && hasOption(field, 'index') ? <Flag {...props} option="index" /> : null}
        {hasOption(field, 'multiple') ? <Flag {...props} option="multiple" /> : null}
        {field.type === 'autodate' ? <AutodateFlags {...props} /> : null}
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <TypeOptions {...props} />
        <TextOption {...props} option="label" />
        <TextOption {...props} option="help" />
        <Limits {...props} />
        {hasOption(field, 'pattern') ? <TextOption {...props} option="pattern" isCode /> : null}
        {field.type === 'autodate' ? null : <TextOption {...props} option="message" />}
        <DefaultValue {...props} />
      </div>
      {field.type === 'ref' && field.multiple ? (
        <p className="text-xs text-muted-foreground">{t('schema.listHint')}</p>
      ) : null}
    </div>
  )
}

type TextKey = 'label' | 'help' | 'pattern' | 'message'
type FlagKey = 'required' | 'nullable' | 'unique' | 'index' | 'multiple'

const patch = (field: Field, change: Partial<Record<keyof Field, unknown>>): Field =>
  withoutUndefined({ ...field, ...change }) as Field

function Flag({ field, option, complaints, onChange }: FieldOptionsProps & { option: FlagKey }) {
  const { t } = useTranslation()
  const error = complaints[option]
  return (
    <label className="grid gap-0.5 text-sm">
      <span className="flex items-center gap-1.5" title={t(`schema.optionHint.${option}`)}>
        <Checkbox
          checked={field[option] === true}
          onCheckedChange={(isOn) => onChange(patch(field, { [option]: isOn === true ? true : undefined }))}
        />
        {t(`schema.option.${option}`)}
      </span>
      {error ? <span className="text-xs text-destructive">{error}</span> : null}
    </label>
  )
}

function AutodateFlags({ field, onChange }: FieldOptionsProps) {
  const { t } = useTranslation()
  return (
    <>
      <label className="flex items-center gap-1.5 text-sm">
        <Checkbox
          checked={field.onCreate !== false}
          onCheckedChange={(isOn) => onChange(patch(field, { onCreate: isOn === true ? undefined : false }))}
        />
        {t('schema.option.onCreate')}
      </label>
      <label className="flex items-center gap-1.5 text-sm">
        <Checkbox
          checked={field.onUpdate === true}
          onCheckedChange={(isOn) => onChange(patch(field, { onUpdate: isOn === true ? true : undefined }))}
        />
        {t('schema.option.onUpdate')}
      </label>
    </>
  )
}

function TextOption({
  field,
  option,
  complaints,
  onChange,
  isCode,
}: FieldOptionsProps & { option: TextKey; isCode?: boolean }) {
  const { t } = useTranslation()
  return (
    <LabeledField
      label={t(`schema.option.${option}`)}
      hint={t(`schema.optionHint.${option}`)}
      error={complaints[option]}
    >
      <Input
        value={field[option] ?? ''}
        maxLength={option === 'help' ? 1000 : option === 'label' ? 100 : 300}
        spellCheck={!isCode}
        autoComplete="off"
        className={isCode ? 'font-mono text-xs' : ''}
        onChange={(event) => onChange(patch(field, { [option]: event.target.value || undefined }))}
      />
    </LabeledField>
  )
}

/** From and to, in one row. */
function Limits(props: FieldOptionsProps) {
  const { t } = useTranslation()
  const { field, complaints, onChange } = props
  const [least, most] = hasOption(field, 'minLength')
    ? (['minLength', 'maxLength'] as const)
    : (['min', 'max'] as const)
  if (!hasOption(field, least)) return null
  const isDated = field.type === 'date' || field.type === 'datetime'
  const what = hasOption(field, 'minLength')
    ? 'length'
    : isDated
      ? 'date'
      : field.type === 'number' || field.type === 'float'
        ? 'value'
        : 'items'
  const input = (option: typeof least | typeof most, label: string): ReactNode => (
    <Input
      aria-label={label}
      placeholder={label}
      value={field[option] === undefined ? '' : String(field[option])}
      inputMode={isDated ? 'text' : 'decimal'}
      className="font-mono text-xs"
      onChange={(event) => onChange(patch(field, { [option]: limitOf(event.target.value, isDated) }))}
    />
  )
  return (
    <LabeledField
      label={t(`schema.limit.${what}`)}
      error={complaints[least] ?? complaints[most]}
      hint={isDated ? t('schema.limit.dateHint') : undefined}
    >
      <span role="group" className="grid grid-cols-2 gap-2">
        {input(least, t('schema.limit.least'))}
        {input(most, t('schema.limit.most'))}
      </span>
    </LabeledField>
  )
}

/** Half a number stays a text: the agent says what is wrong with it. */
function limitOf(text: string, isDated: boolean): number | string | undefined {
  if (text.trim() === '') return undefined
  const number = Number(text.replace(',', '.'))
  return isDated || !Number.isFinite(number) || /[.,]$/.test(text) ? text : number
}

/** The default is typed by the same control as the value. */
function DefaultValue({ field, complaints, onChange }: FieldOptionsProps) {
  const { t } = useTranslation()
  if (['autodate', 'ref', 'file'].includes(field.type)) return null
  const { required: _required, nullable: _nullable, help: _help, default: chosen, ...plain } = field
  const isDated = field.type === 'date' || field.type === 'datetime'
  const [kind] = field.type === 'bool' ? (['radio'] as const) : widgetsFor(plain)
  return (
    <LabeledField
      label={t('schema.option.default')}
      hint={t(isDated ? 'schema.defaultDate' : 'schema.optionHint.default')}
      error={complaints['default']}
      className={kind === 'json' || kind === 'richtext' ? 'sm:col-span-2' : ''}
    >
      {isDated ? (
        <Input
          value={typeof chosen === 'string' ? chosen : ''}
          placeholder="@now"
          className="font-mono text-xs"
          onChange={(event) => onChange(patch(field, { default: event.target.value || undefined }))}
        />
      ) : (
        <Widget
          kind={kind === 'richtext' || kind === 'form' ? (kind === 'form' ? 'json' : 'textarea') : kind}
          field={plain}
          value={chosen}
          errors={{}}
          isReadOnly={false}
          onChange={(value) =>
            onChange(patch(field, { default: value === null || value === '' ? undefined : value }))
          }
        />
      )}
    </LabeledField>
  )
}

function TypeOptions(props: FieldOptionsProps) {
  const { t } = useTranslation()
  const { field, models, complaints, onChange } = props
  if (hasOption(field, 'options'))
    return (
      <LabeledField
        label={t('schema.option.options')}
        hint={t('schema.optionHint.options')}
        error={complaints['options']}
        className="sm:col-span-2"
      >
        <Textarea
          value={(field.options ?? []).join('\n')}
          rows={Math.min(10, Math.max(3, (field.options?.length ?? 0) + 1))}
          className="font-mono text-xs"
          onChange={(event) => onChange({ ...field, options: event.target.value.split('\n') })}
        />
      </LabeledField>
    )
  if (field.type === 'ref')
    return (
      <>
        <LabeledField label={t('schema.option.refModel')} error={complaints['refModel']}>
          <Choice
            value={field.refModel}
            placeholder={t('record.choose')}
            choices={models.map(({ slug, name }) => ({ value: slug, text: name }))}
            onChoose={(refModel) => onChange({ ...field, refModel })}
          />
        </LabeledField>
        <LabeledField label={t('schema.option.onDelete')} error={complaints['onDelete']}>
          <Choice
            value={field.onDelete ?? 'restrict'}
            choices={(['restrict', 'cascade', 'null'] as const).map((policy) => ({
              value: policy,
              text: t(`schema.onDelete.${policy}`),
            }))}
            onChoose={(policy) => onChange(patch(field, { onDelete: policy }))}
          />
        </LabeledField>
      </>
    )
  if (field.type === 'file') return <FileOptions {...props} />
  return null
}

function FileOptions({ field, complaints, onChange }: FieldOptionsProps) {
  const { t } = useTranslation()
  return (
    <>
      <LabeledField
        label={t('schema.option.mimeTypes')}
        hint={t('schema.optionHint.mimeTypes')}
        error={complaints['mimeTypes']}
      >
        <Input
          value={(field.mimeTypes ?? []).join(', ')}
          placeholder="image/*, application/pdf"
          className="font-mono text-xs"
          onChange={(event) =>
            onChange(
              patch(field, {
                mimeTypes: event.target.value
                  ? event.target.value.split(',').map((type) => type.trimStart())
                  : undefined,
              }),
            )
          }
        />
      </LabeledField>
      <LabeledField label={t('schema.option.maxSizeBytes')} error={complaints['maxSizeBytes']}>
        <Input
          value={field.maxSizeBytes === undefined ? '' : String(field.maxSizeBytes / 1_000_000)}
          inputMode="decimal"
          className="font-mono text-xs"
          onChange={(event) => {
            const megabytes = Number(event.target.value.replace(',', '.'))
            if (event.target.value !== '' && !(megabytes >= 0)) return
            onChange(
              patch(field, {
                maxSizeBytes: event.target.value === '' ? undefined : Math.round(megabytes * 1_000_000),
              }),
            )
          }}
        />
      </LabeledField>
    </>
  )
}

interface ChoiceProps {
  id?: string
  value: string | undefined
  placeholder?: string
  choices: readonly { value: string; text: string }[]
  onChoose: (value: string) => void
}

function Choice({ value, placeholder, choices, onChoose, ...aria }: ChoiceProps) {
  return (
    <Select value={value ?? ''} onValueChange={onChoose}>
      <SelectTrigger {...aria}>
        <SelectValue placeholder={placeholder} />
      </SelectTrigger>
      <SelectContent>
        {choices.map((choice) => (
          <SelectItem key={choice.value} value={choice.value}>
            {choice.text}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  )
}
