import {
  FILTER_MACROS,
  printFilterValue,
  type Field,
  type FilterCondition,
  type FilterValue,
} from '@m3m/core/client'
import { useTranslation } from 'react-i18next'
import { Input } from '@/ui/input.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { LabelledWidget } from '../widgets/labelled-widget.tsx'
import type { WidgetKind } from '../widgets/widget-kinds.ts'
import { literal } from './filter-tree.ts'

interface ValueEditorProps {
  field: Field
  condition: FilterCondition
  isList: boolean
  onValues: (values: FilterValue[]) => void
}

/** A value in the control of its type; times also by the words that move with the clock. */
export function ValueEditor({ field, condition, isList, onValues }: ValueEditorProps) {
  const { t } = useTranslation()
  const { values } = condition
  // A value for somebody else to fill in has no control: it is shown as it is written.
  if (values.some(({ kind }) => kind === 'placeholder'))
    return <code className="flex h-8 items-center text-xs">{values.map(printFilterValue).join(', ')}</code>
  if (isList) return <ListValue field={field} values={values} onValues={onValues} />
  const [value] = values
  const plain = value?.kind === 'literal' ? value.value : null
  if (field.type === 'bool')
    return (
      <Select value={String(plain ?? true)} onValueChange={(next) => onValues([literal(next === 'true')])}>
        <SelectTrigger aria-label={t('filter.value')}>
          <SelectValue />
        </SelectTrigger>
        <SelectContent>
          <SelectItem value="true">{t('record.yes')}</SelectItem>
          <SelectItem value="false">{t('record.no')}</SelectItem>
        </SelectContent>
      </Select>
    )
  if (isTime(field)) return <TimeValue field={field} value={value} onValue={(next) => onValues([next])} />
  const kind = KINDS[field.type]
  if (!kind)
    return (
      <Input
        value={String(plain ?? '')}
        aria-label={t('filter.value')}
        spellCheck={false}
        onChange={(event) => onValues([literal(event.target.value)])}
      />
    )
  return (
    <LabelledWidget
      label={t('filter.value')}
      kind={kind}
      field={asked(field)}
      value={plain}
      errors={NO_ERRORS}
      isReadOnly={false}
      onChange={(next) => onValues([literal(next as string | number | null)])}
    />
  )
}

const NO_ERRORS = {}
const KINDS: Partial<Record<Field['type'], WidgetKind>> = {
  number: 'input',
  float: 'input',
  select: 'combobox',
  multiselect: 'combobox',
  ref: 'ref',
}

const isTime = ({ type }: Field): boolean => type === 'date' || type === 'datetime' || type === 'autodate'

/** The field as a filter asks for it: one value, and bounds do not matter. */
function asked(field: Field): Field {
  const { min: _min, max: _max, multiple: _multiple, ...rest } = field
  return { ...rest, required: true, type: field.type === 'multiselect' ? 'select' : field.type }
}

/** Radix gives no item an empty value. */
const FIXED = '\u0000'

interface TimeValueProps {
  field: Field
  value: FilterValue | undefined
  onValue: (value: FilterValue) => void
}

function TimeValue({ field, value, onValue }: TimeValueProps) {
  const { t } = useTranslation()
  const macro = value?.kind === 'macro' ? value.name : FIXED
  return (
    <div className="grid grid-cols-[7.5rem_1fr] gap-1.5">
      <Select
        value={macro}
        onValueChange={(next) => onValue(next === FIXED ? literal('') : { kind: 'macro', name: next, at: 0 })}
      >
        <SelectTrigger aria-label={t('filter.moment')}>
          <SelectValue />
        </SelectTrigger>
        <SelectContent>
          <SelectItem value={FIXED}>{t('filter.fixed')}</SelectItem>
          {FILTER_MACROS.map((name) => (
            <SelectItem key={name} value={name}>
              @{name}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
      {macro === FIXED ? (
        <LabelledWidget
          label={t('filter.value')}
          kind={field.type === 'date' ? 'date' : 'datetime'}
          field={{ key: field.key, type: field.type === 'date' ? 'date' : 'datetime' }}
          value={value?.kind === 'literal' ? value.value : null}
          errors={NO_ERRORS}
          isReadOnly={false}
          onChange={(next) => onValue(literal(next as string | null))}
        />
      ) : null}
    </div>
  )
}

interface ListValueProps {
  field: Field
  values: readonly FilterValue[]
  onValues: (values: FilterValue[]) => void
}

function ListValue({ field, values, onValues }: ListValueProps) {
  const { t } = useTranslation()
  const plain = values.map((value) => (value.kind === 'literal' ? value.value : printFilterValue(value)))
  if (field.options?.length || field.type === 'ref')
    return (
      <LabelledWidget
        label={t('filter.values')}
        kind={field.type === 'ref' ? 'ref' : 'chips'}
        field={{ ...field, multiple: true, required: false }}
        value={plain}
        errors={NO_ERRORS}
        isReadOnly={false}
        onChange={(next) => onValues((next as string[]).map(literal))}
      />
    )
  const isNumber = field.type === 'number' || field.type === 'float'
  return (
    <Input
      defaultValue={plain.join(', ')}
      aria-label={t('filter.values')}
      placeholder={t('filter.valuesHint')}
      spellCheck={false}
      onChange={(event) => {
        const parts = event.target.value.split(',').map((part) => part.trim())
        const filled = parts.filter((part) => part !== '' && (!isNumber || Number.isFinite(Number(part))))
        onValues(filled.map((part) => literal(isNumber ? Number(part) : part)))
      }}
    />
  )
}
