import { ChevronDownIcon, ChevronUpIcon, LockIcon, Trash2Icon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Switch } from '@/ui/checkbox.tsx'
import { Input, Textarea } from '@/ui/input.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { TYPES, type RowProblem, type VariableRow, type VariableType } from './variable-rows.ts'

interface VariableTableProps {
  rows: readonly VariableRow[]
  problems: ReadonlyMap<number, RowProblem>
  isReadOnly: boolean
  onChange: (row: VariableRow) => void
  onRemove: (id: number) => void
  onMove: (id: number, by: -1 | 1) => void
}

const COLUMNS = 'sm:grid-cols-[minmax(9rem,1fr)_8.5rem_minmax(12rem,2fr)_5.5rem]'

/** A row a variable; below 640 px the parts of a row stand under one another. */
export function VariableTable({ rows, ...props }: VariableTableProps) {
  const { t } = useTranslation()
  return (
    <div role="table" aria-label={t('nav.environment')}>
      <div
        role="row"
        className={`hidden h-8 items-center gap-2 border-b px-3 text-xs font-medium text-muted-foreground sm:grid ${COLUMNS}`}
      >
        <span role="columnheader">{t('env.column.key')}</span>
        <span role="columnheader">{t('env.column.type')}</span>
        <span role="columnheader">{t('env.column.value')}</span>
      </div>
      {rows.map((row, index) => (
        <VariableLine key={row.id} row={row} number={index + 1} count={rows.length} {...props} />
      ))}
    </div>
  )
}

type LineProps = Omit<VariableTableProps, 'rows'> & { row: VariableRow; number: number; count: number }

function VariableLine({ row, number, count, problems, isReadOnly, onChange, onRemove, onMove }: LineProps) {
  const { t } = useTranslation()
  const problem = problems.get(row.id)
  const isKeyProblem = problem?.kind === 'key' || problem?.kind === 'twice'
  const name = row.key || String(number)
  return (
    <div
      role="row"
      className={`grid items-start gap-2 border-b px-3 py-1.5 last:border-0 max-sm:grid-cols-[1fr_7.5rem] ${COLUMNS}`}
    >
      <div role="cell">
        <Input
          value={row.key}
          onChange={(event) => onChange({ ...row, key: event.target.value })}
          aria-label={t('env.keyOf', { number })}
          aria-invalid={isKeyProblem}
          placeholder="API_URL"
          maxLength={100}
          readOnly={isReadOnly}
          autoFocus={row.key === '' && !isReadOnly}
          spellCheck={false}
          autoComplete="off"
          className="font-mono text-xs"
        />
        {isKeyProblem ? <Complaint problem={problem} /> : null}
      </div>
      <div role="cell">
        <Select
          value={row.type}
          onValueChange={(type) => onChange(withType(row, type as VariableType))}
          disabled={isReadOnly}
        >
          <SelectTrigger aria-label={t('env.typeOf', { key: name })}>
            <SelectValue />
          </SelectTrigger>
          <SelectContent>
            {TYPES.map((type) => (
              <SelectItem key={type} value={type}>
                {t(`env.type.${type}`)}
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
      </div>
      <div role="cell" className="min-w-0 max-sm:col-span-2">
        <ValueField
          row={row}
          label={t('env.valueOf', { key: name })}
          isInvalid={problem !== undefined && !isKeyProblem}
          isReadOnly={isReadOnly}
          onText={(text) => onChange({ ...row, text })}
        />
        {problem && !isKeyProblem ? <Complaint problem={problem} /> : null}
      </div>
      {isReadOnly ? null : (
        <div role="cell" className="flex justify-end max-sm:col-span-2">
          <MoveButtons name={name} number={number} count={count} onMove={(by) => onMove(row.id, by)} />
          <Button
            variant="ghost"
            size="icon"
            className="text-muted-foreground"
            aria-label={t('env.remove', { key: name })}
            onClick={() => onRemove(row.id)}
          >
            <Trash2Icon />
          </Button>
        </div>
      )}
    </div>
  )
}

interface MoveButtonsProps {
  name: string
  number: number
  count: number
  onMove: (by: -1 | 1) => void
}

function MoveButtons({ name, number, count, onMove }: MoveButtonsProps) {
  const { t } = useTranslation()
  return ([-1, 1] as const).map((by) => (
    <Button
      key={by}
      variant="ghost"
      size="icon"
      className="w-6 text-muted-foreground"
      disabled={by === -1 ? number === 1 : number === count}
      aria-label={t(by === -1 ? 'env.moveUp' : 'env.moveDown', { key: name })}
      onClick={() => onMove(by)}
    >
      {by === -1 ? <ChevronUpIcon /> : <ChevronDownIcon />}
    </Button>
  ))
}

/** A value that fits the new type stays. */
function withType(row: VariableRow, type: VariableType): VariableRow {
  if (type === 'boolean') return { ...row, type, text: row.text === 'true' ? 'true' : 'false' }
  return { ...row, type, isSet: row.isSet && type === 'secret' }
}

function Complaint({ problem }: { problem: RowProblem }) {
  const { t } = useTranslation()
  return (
    <p role="alert" className="pt-1 text-xs text-destructive">
      {problem.kind === 'json'
        ? t('env.problem.json', { reason: problem.reason })
        : t(`env.problem.${problem.kind}`)}
    </p>
  )
}

interface ValueFieldProps {
  row: VariableRow
  label: string
  isInvalid: boolean
  isReadOnly: boolean
  onText: (text: string) => void
}

function ValueField({ row, label, isInvalid, isReadOnly, onText }: ValueFieldProps) {
  const { t } = useTranslation()
  const shared = {
    value: row.text,
    'aria-label': label,
    'aria-invalid': isInvalid,
    readOnly: isReadOnly,
    spellCheck: false,
    className: 'font-mono text-xs',
    onChange: (event: { target: { value: string } }) => onText(event.target.value),
  }
  if (row.type === 'boolean')
    return (
      <label className="flex h-8 w-fit items-center gap-2 font-mono text-xs">
        <Switch
          checked={row.text === 'true'}
          onCheckedChange={(isOn) => onText(String(isOn))}
          disabled={isReadOnly}
          aria-label={label}
        />
        {row.text === 'true' ? 'true' : 'false'}
      </label>
    )
  if (row.type === 'text' || row.type === 'json')
    return <Textarea rows={Math.min(12, Math.max(2, row.text.split('\n').length))} {...shared} />
  if (row.type === 'secret')
    return (
      <div className="relative">
        <LockIcon className="absolute top-2 left-2.5 size-4 text-muted-foreground" />
        <Input
          {...shared}
          type="password"
          autoComplete="new-password"
          placeholder={row.isSet ? t('env.secretKept') : ''}
          className="pl-8 font-mono text-xs"
        />
      </div>
    )
  return (
    <Input
      {...shared}
      {...((row.type === 'integer' || row.type === 'float') && { inputMode: 'decimal' as const })}
      autoComplete="off"
    />
  )
}
