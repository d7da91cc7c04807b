import type { FilterCondition, FilterSyntax, FilterValue } from './filter-syntax.schema.ts'

/** The text of a tree: reading it gives the same tree again, places excepted. */
export function printFilter(tree: FilterSyntax): string {
  if (tree.kind === 'condition') return printCondition(tree)
  if (tree.kind === 'not') return `!(${printFilter(tree.node)})`
  const parts = tree.nodes.map((node) => {
    const text = printFilter(node)
    return node.kind === 'and' || node.kind === 'or' ? `(${text})` : text
  })
  return parts.filter((part) => part !== '()').join(tree.kind === 'and' ? ' && ' : ' || ')
}

function printCondition({ field, operator, any, values, isListParam }: FilterCondition): string {
  if (operator === 'isNull' || operator === 'isNotNull') return `${field} ${operator}`
  const texts = values.map(printFilterValue)
  if (operator === 'in' || operator === 'notIn')
    return `${field} ${operator} ${isListParam ? texts[0] : `(${texts.join(', ')})`}`
  return `${field} ${any ? '?' : ''}${operator} ${texts[0] ?? 'null'}`
}

export function printFilterValue(value: FilterValue): string {
  if (value.kind === 'macro') return `@${value.name}`
  if (value.kind === 'placeholder') return `{:${value.name}}`
  return typeof value.value === 'string' ? quoted(value.value) : String(value.value)
}

/** In double quotes; only what the grammar itself gives a meaning is escaped. */
function quoted(text: string): string {
  const escaped = text
    .replaceAll(/["\\]/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\t', String.raw`\t`)
  return `"${escaped}"`
}
