import type { Field, FilterCondition, FilterSyntax, Model } from '@m3m/core/client'
import { XIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { filterableFields } from '../grid/columns.ts'
import { fieldAt } from './check-filter.ts'
import type { TreeChange } from './filter-builder.tsx'
import { arityOf, operatorsFor, operatorText, type OperatorText } from './filter-operators.ts'
import { negated, newCondition, withOperator, withValues, type Path } from './filter-tree.ts'
import { ValueEditor } from './value-editor.tsx'

interface ConditionRowProps {
  condition: FilterCondition
  isNegated: boolean
  path: Path
  model: Model
  models: readonly Model[]
  onChange: TreeChange
}

/** Field, operator, value. A name that only the text can write, such as `owner.name`, is kept. */
export function ConditionRow({ condition, isNegated, path, model, models, onChange }: ConditionRowProps) {
  const { t } = useTranslation()
  const fields = fieldChoices(model, models, condition.field)
  const field = fieldAt(condition.field, model, models) ?? { key: condition.field, type: 'string' as const }
  const operator = operatorText(condition)
  const operators = operatorsFor(field)
  const set = (next: (now: FilterCondition) => FilterCondition) =>
    onChange(path, (node) => onCondition(node, next))
  const labelled = { field: condition.field }
  return (
    <div
      role="group"
      aria-label={t('filter.condition', labelled)}
      className="flex flex-wrap items-start gap-1.5"
    >
      {isNegated ? (
        <Button variant="secondary" size="sm" aria-pressed onClick={() => onChange(path, negated)}>
          {t('filter.not')}
        </Button>
      ) : null}
      <Select
        value={condition.field}
        onValueChange={(name) => {
          const next = fieldAt(name, model, models)
          if (next) set(() => newCondition({ ...next, key: name }))
        }}
      >
        <SelectTrigger className="w-40" aria-label={t('filter.field')}>
          <SelectValue />
        </SelectTrigger>
        <SelectContent>
          {fields.map((name) => (
            <SelectItem key={name} value={name}>
              {name}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
      <Select
        value={operator}
        onValueChange={(next) => set((now) => withOperator(now, next as OperatorText, field))}
      >
        <SelectTrigger className="w-36" aria-label={t('filter.operator')}>
          <SelectValue />
        </SelectTrigger>
        <SelectContent>
          {(operators.includes(operator) ? operators : [operator, ...operators]).map((one) => (
            <SelectItem key={one} value={one}>
              {t(`filter.operators.${one}`)}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
      <div className="min-w-36 flex-1">
        {arityOf(operator) === 'none' ? null : (
          <ValueEditor
            field={field}
            condition={condition}
            isList={arityOf(operator) === 'list'}
            onValues={(values) => set((now) => withValues(now, values))}
          />
        )}
      </div>
      <Button
        variant="ghost"
        size="icon"
        aria-label={t('filter.remove', labelled)}
        onClick={() => onChange(path, () => null)}
      >
        <XIcon />
      </Button>
    </div>
  )
}

function onCondition(node: FilterSyntax, next: (now: FilterCondition) => FilterCondition): FilterSyntax {
  if (node.kind === 'not') return { kind: 'not', node: onCondition(node.node, next) }
  return node.kind === 'condition' ? next(node) : node
}

/** Fields of the model, and one step through its refs to what stands for the record there. */
function fieldChoices(model: Model, models: readonly Model[], current: string): string[] {
  const own = filterableFields(model)
  const through = own.flatMap((field: Field) => {
    const target = field.type === 'ref' ? models.find(({ slug }) => slug === field.refModel) : undefined
    return (target?.fields ?? [])
      .filter(({ type }) => type === 'string' || type === 'email' || type === 'select')
      .map(({ key }) => `${field.key}.${key}`)
  })
  const names = [...own.map(({ key }) => key), ...through]
  return names.includes(current) ? names : [current, ...names]
}
