import type { Field, FilterCondition, FilterSyntax, FilterValue } from '@m3m/core/client'
import { arityOf, operatorOf, operatorsFor, operatorText, type OperatorText } from './filter-operators.ts'

/** The builder's changes to a filter's tree: it edits what the one parser read. Pure. */

export type FilterGroup = Extract<FilterSyntax, { kind: 'and' | 'or' }>

/** Places from the root: `[1, 0]` is the first of the second. Through a `not` goes no step: it is one with what it negates. */
export type Path = readonly number[]

/** The tree under a group, which the builder always has at its root. */
export function asGroup(tree: FilterSyntax): FilterGroup {
  return tree.kind === 'and' || tree.kind === 'or' ? tree : { kind: 'and', nodes: [tree] }
}

export function changeAt(
  group: FilterGroup,
  path: Path,
  change: (node: FilterSyntax) => FilterSyntax | null,
): FilterGroup {
  const [place, ...rest] = path
  if (place === undefined) return asGroup(change(group) ?? { kind: 'and', nodes: [] })
  const nodes = group.nodes.flatMap((node, index) => {
    if (index !== place) return [node]
    const next = rest.length === 0 ? change(node) : inside(node, (inner) => changeAt(inner, rest, change))
    return next === null ? [] : [next]
  })
  return { ...group, nodes }
}

/** Reaches the group of a node, also behind a negation. */
function inside(node: FilterSyntax, change: (group: FilterGroup) => FilterGroup): FilterSyntax {
  return node.kind === 'not' ? { kind: 'not', node: inside(node.node, change) } : change(asGroup(node))
}

export const negated = (node: FilterSyntax): FilterSyntax =>
  node.kind === 'not' ? node.node : { kind: 'not', node }

/** A new condition on the field, with the operator and value that one would begin with. */
export function newCondition(field: Field): FilterCondition {
  const condition = { kind: 'condition' as const, at: 0, operatorAt: 0, field: field.key, values: [] }
  return withOperator({ ...condition, any: false, operator: '=' }, operatorsFor(field)[0]!, field)
}

/** Another operator; the value stays when it still has a place. */
export function withOperator(condition: FilterCondition, text: OperatorText, field: Field): FilterCondition {
  const arity = arityOf(text)
  const [first] = condition.values
  const values =
    arity === 'none'
      ? []
      : arity === 'list'
        ? condition.values.filter(({ kind }) => kind !== 'placeholder')
        : [first ?? startValue(field)]
  const { isListParam: _param, ...rest } = condition
  return { ...rest, ...operatorOf(text), values }
}

export const withValues = (condition: FilterCondition, values: FilterValue[]): FilterCondition => ({
  ...condition,
  values,
})

export const literal = (value: string | number | boolean | null): FilterValue => ({
  kind: 'literal',
  value,
  at: 0,
})

function startValue(field: Field): FilterValue {
  switch (field.type) {
    case 'number':
    case 'float':
      return literal(0)
    case 'bool':
      return literal(true)
    case 'date':
    case 'datetime':
    case 'autodate':
      return { kind: 'macro', name: 'todayStart', at: 0 }
    case 'select':
    case 'multiselect':
      return literal(field.options?.[0] ?? '')
    default:
      return literal('')
  }
}

/** Without the conditions that still wait for their value: a ref or a day that nobody chose yet. */
export function withoutWaiting(
  tree: FilterSyntax,
  fieldOf: (name: string) => Field | undefined,
): FilterSyntax {
  if (tree.kind === 'condition') return tree
  if (tree.kind === 'not') return { kind: 'not', node: withoutWaiting(tree.node, fieldOf) }
  const nodes = tree.nodes
    .map((node) => withoutWaiting(node, fieldOf))
    .filter((node) => !isWaiting(node.kind === 'not' ? node.node : node, fieldOf))
  return { ...tree, nodes }
}

const WORDS = new Set<Field['type']>(['string', 'text', 'email', 'url'])

function isWaiting(node: FilterSyntax, fieldOf: (name: string) => Field | undefined): boolean {
  if (node.kind !== 'condition') return false
  if (node.isListParam || arityOf(operatorText(node)) === 'none') return false
  if (arityOf(operatorText(node)) === 'list') return node.values.length === 0
  const [value] = node.values
  if (value?.kind !== 'literal') return value === undefined
  const type = fieldOf(node.field)?.type
  const isWord = type !== undefined && WORDS.has(type)
  // Of text `= ""` asks something; `~ ""` asks nothing.
  if (value.value === '') return !isWord || (node.operator !== '=' && node.operator !== '!=')
  return value.value === null
}

/** Conditions in a tree. */
export function countConditions(tree: FilterSyntax): number {
  if (tree.kind === 'condition') return 1
  if (tree.kind === 'not') return countConditions(tree.node)
  return tree.nodes.reduce((sum, node) => sum + countConditions(node), 0)
}
