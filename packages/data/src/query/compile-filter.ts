import type { Document } from 'mongodb'
import type { CompareNode, FilterNode } from './filter-tree.ts'

/**
 * Finds the ids of the records of a ref's target that match; the filter on `owner.name` becomes one on
 * `owner`. @throws QUERY_TOO_BROAD
 */
export type RefLookup = (node: CompareNode) => Promise<readonly unknown[]>

/** MongoDB's filter for a checked tree. Every operator in it is written here; nothing of the client's is passed on but values. */
export async function compileFilter(tree: FilterNode, lookup: RefLookup): Promise<Document> {
  if (tree.kind === 'compare')
    return tree.path.hops.length > 0 ? throughRef(tree, lookup) : compileCompare(tree)
  if (tree.kind === 'not') return { $nor: [await compileFilter(tree.node, lookup)] }
  const parts: Document[] = []
  for (const node of tree.nodes) parts.push(await compileFilter(node, lookup))
  if (parts.length === 0) return {}
  if (parts.length === 1) return parts[0]!
  return { [tree.kind === 'and' ? '$and' : '$or']: parts }
}

async function throughRef(node: CompareNode, lookup: RefLookup): Promise<Document> {
  return { [node.path.hops[0]!.storedPath]: { $in: await lookup(node) } }
}

/** A comparison in the record itself. */
export function compileCompare(node: CompareNode): Document {
  const { storedPath, list } = node.path
  if (node.path.modifier === 'length') return lengthCondition(node)
  const condition = conditionOf(node)
  const whole = !list || Array.isArray(node.value) !== (node.comparison === 'in' || node.comparison === 'nin')
  if (whole || node.comparison === 'null' || node.comparison === 'notNull') return { [storedPath]: condition }
  const negative = node.comparison === 'ne' || node.comparison === 'nin'
  if (node.quantifier === 'any') return { [storedPath]: negative ? { $elemMatch: condition } : condition }
  if (negative) return { [storedPath]: condition }
  // Every item: one that matches, and none that does not.
  return {
    $and: [{ [storedPath]: condition }, { [storedPath]: { $not: { $elemMatch: { $not: condition } } } }],
  }
}

/** How many items a list has, asked by whether it has one at a place. No list is as good as an empty one. */
function lengthCondition({ path, comparison, value }: CompareNode): Document {
  const items = value as number
  const atLeast = (least: number): Document =>
    least <= 0 ? {} : { [`${path.storedPath}.${least - 1}`]: { $exists: true } }
  const fewerThan = (most: number): Document => ({ $nor: [atLeast(most)] })
  const exactly = items === 0 ? fewerThan(1) : { [path.storedPath]: { $size: items } }
  switch (comparison) {
    case 'gt':
      return atLeast(items + 1)
    case 'gte':
      return atLeast(items)
    case 'lt':
      return fewerThan(items)
    case 'lte':
      return fewerThan(items + 1)
    case 'ne':
      return { $nor: [exactly] }
    default:
      return exactly
  }
}

function conditionOf(node: CompareNode): Document {
  const { comparison, value, ignoreCase } = node
  if (ignoreCase && comparison !== 'regex' && comparison in FOLDED) return foldedCondition(node)
  switch (comparison) {
    case 'null':
      return { $eq: null }
    case 'notNull':
      return { $ne: null }
    case 'contains':
      return text(escaped(value), true)
    case 'startsWith':
      return text(`^${escaped(value)}`, true)
    case 'endsWith':
      return text(`${escaped(value)}$`, true)
    case 'regex':
      return text(String(value), ignoreCase === true)
    default:
      return { [`$${comparison}`]: value }
  }
}

const FOLDED = { eq: true, ne: false, in: true, nin: false } as const

function foldedCondition({ comparison, value }: CompareNode): Document {
  const texts = (Array.isArray(value) ? value : [value]).map(escaped)
  const pattern = text(`^(?:${texts.join('|')})$`, true)
  return FOLDED[comparison as keyof typeof FOLDED] ? pattern : { $not: pattern }
}

function text(pattern: string, ignoreCase: boolean): Document {
  return ignoreCase ? { $regex: pattern, $options: 'i' } : { $regex: pattern }
}

/** Every character that a regular expression gives a meaning, made plain. */
function escaped(value: unknown): string {
  return String(value).replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}
