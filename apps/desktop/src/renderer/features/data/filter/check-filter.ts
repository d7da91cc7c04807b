import { readFilterSyntax, type Field, type FilterSyntax, type Model } from '@m3m/core/client'

/** What the panel knows of a filter before the agent is asked. Pure. */

export type CheckedFilter =
  | { tree: FilterSyntax; problem: null }
  /** `at` is the 0-based place in the text. */
  | { tree: null; problem: { message: string; at: number } }

/** The texts of the panel's own complaint. */
export type UnknownField = (names: { field: string; model: string }) => string

/** Read by the one parser; then the names are looked for in the models. */
export function checkFilter(
  text: string,
  { model, models, unknown }: { model: Model; models: readonly Model[]; unknown: UnknownField },
): CheckedFilter {
  let tree: FilterSyntax
  try {
    tree = readFilterSyntax(text)
  } catch (error) {
    const { message, position } = error as Error & { position?: { line: number; column: number } }
    return { tree: null, problem: { message, at: position ? placeIn(text, position) : 0 } }
  }
  const lost = conditionsOf(tree).find(({ field }) => fieldAt(field, model, models) === undefined)
  if (!lost) return { tree, problem: null }
  return {
    tree: null,
    problem: { message: unknown({ field: lost.field, model: model.slug }), at: lost.at },
  }
}

function placeIn(text: string, { line, column }: { line: number; column: number }): number {
  const before = text.split('\n').slice(0, line - 1)
  return before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1
}

type Condition = Extract<FilterSyntax, { kind: 'condition' }>

function conditionsOf(tree: FilterSyntax): Condition[] {
  if (tree.kind === 'condition') return [tree]
  return tree.kind === 'not' ? conditionsOf(tree.node) : tree.nodes.flatMap(conditionsOf)
}

const SYSTEM: readonly Field[] = [
  { key: 'id', type: 'string' },
  { key: '_id', type: 'string' },
  { key: 'createdAt', type: 'datetime' },
  { key: 'updatedAt', type: 'datetime' },
  { key: 'version', type: 'number' },
]

/**
 * The field that a name in a filter means: `title`, `address.city` in a document, `owner.name` through a ref.
 * `undefined` when there is none; what is inside a document without a schema is any text.
 */
export function fieldAt(name: string, model: Model, models: readonly Model[]): Field | undefined {
  const [key = '', ...rest] = name.split('.')
  const field = [...model.fields, ...SYSTEM].find((one) => one.key === key)
  if (!field || rest.length === 0) return field
  const further = rest.join('.')
  if (field.type === 'ref') {
    const target = models.find(({ slug }) => slug === field.refModel)
    return target && fieldAt(further, target, models)
  }
  if (field.type !== 'document') return undefined
  if (!field.fields?.length) return { key: name, type: 'string' }
  return fieldAt(further, { ...model, fields: field.fields as Model['fields'] }, models)
}
