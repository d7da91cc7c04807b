import { compare } from '../bson/order.ts'
import { isDoc, typeName, type Doc, type Maybe, type Value } from '../bson/value.ts'
import { showValue } from '../bson/show.ts'
import { NUMERIC_PART } from '../query/path.ts'
import { mongoError } from '../server/mongo-error.ts'

/** What an operator does to the value at its path: a new value, or one of two marks. */
type Outcome = Value | typeof UNSET | typeof KEEP
export const UNSET = Symbol('unset')
export const KEEP = Symbol('keep')

/** An operator at the end of its path. */
export interface Leaf {
  /** False: where the path does not lead anywhere, nothing is made and nothing happens. */
  creates: boolean
  apply(current: Maybe): Outcome
}

/** MongoDB's limit to which an array is filled up with nulls. */
const MAX_PADDING = 1_500_000

/** Applies a leaf at a concrete path (names and array indexes). */
export function applyAt(doc: Doc, parts: readonly string[], leaf: Leaf): void {
  const last = parts.length - 1
  let node: Doc | Value[] = doc
  for (let at = 0; at < last; at++) {
    const child: Maybe = childOf(node, parts, at)
    if (isDoc(child) || Array.isArray(child)) {
      node = child
      continue
    }
    if (!leaf.creates) return
    if (child !== undefined) throw notViable(node, parts, at)
    return createBelow(node, parts, { at, leaf })
  }
  applyTo(node, parts, leaf)
}

function childOf(node: Doc | Value[], parts: readonly string[], at: number): Maybe {
  const part = parts[at]!
  if (isDoc(node)) return node.get(part)
  return NUMERIC_PART.test(part) ? node[Number(part)] : undefined
}

function createBelow(
  node: Doc | Value[],
  parts: readonly string[],
  { at, leaf }: { at: number; leaf: Leaf },
): void {
  const outcome = leaf.apply(undefined)
  if (outcome === KEEP || outcome === UNSET) return
  let value: Value = outcome
  for (let i = parts.length - 1; i > at; i--) value = new Map([[parts[i]!, value]])
  put(node, parts, { at, value })
}

function applyTo(node: Doc | Value[], parts: readonly string[], leaf: Leaf): void {
  const at = parts.length - 1
  const current = childOf(node, parts, at)
  if (current === undefined && !leaf.creates) return
  const outcome = leaf.apply(current)
  if (outcome === KEEP) return
  if (outcome !== UNSET) return put(node, parts, { at, value: outcome })
  if (isDoc(node)) node.delete(parts[at]!)
  else if (current !== undefined) node[Number(parts[at])] = null
}

function put(
  node: Doc | Value[],
  parts: readonly string[],
  { at, value }: { at: number; value: Value },
): void {
  const part = parts[at]!
  if (isDoc(node)) {
    node.set(part, value)
    return
  }
  if (!NUMERIC_PART.test(part)) throw notViable(node, parts, at - 1)
  const index = Number(part)
  if (index > node.length + MAX_PADDING)
    throw mongoError('BadValue', `can't backfill more than ${MAX_PADDING} elements`)
  while (node.length < index) node.push(null)
  node[index] = value
}

function notViable(node: Doc | Value[], parts: readonly string[], at: number): Error {
  const child = Array.isArray(node) && at < 0 ? node : (childOf(node, parts, at) ?? node)
  const name = parts[Math.max(at, 0)]
  return mongoError(
    'PathNotViable',
    `Cannot create field '${parts[at + 1]}' in element {${name}: ${showValue(child as Value)}}`,
  )
}

/** What the array parts of a path stand for while one document is updated. */
export interface PathContext {
  /** The index that `$` stands for, from the match; undefined when the filter matched no array. */
  positional: number | undefined
  filters: ReadonlyMap<string, (element: Value) => boolean>
}

/** Turns `a.$[].b` and its like into the concrete paths of one document. */
export function concretePaths(doc: Doc, parts: readonly string[], context: PathContext): string[][] {
  if (!parts.some((part) => part.startsWith('$'))) return [parts as string[]]
  return expand(doc, parts, { context, done: [] })
}

interface Expansion {
  context: PathContext
  done: string[]
}

function expand(node: Maybe, parts: readonly string[], { context, done }: Expansion): string[][] {
  if (parts.length === 0) return [done]
  const [part, ...rest] = parts as [string, ...string[]]
  if (!part.startsWith('$')) {
    const child = isDoc(node) ? node.get(part) : Array.isArray(node) ? node[Number(part)] : undefined
    return expand(child, rest, { context, done: [...done, part] })
  }
  if (part === '$') {
    const index = positionalIndex(context)
    const child = Array.isArray(node) ? node[index] : undefined
    return expand(child, rest, { context, done: [...done, String(index)] })
  }
  if (!Array.isArray(node)) throw notAnArray(node, part, done)
  const wanted = part === '$[]' ? () => true : context.filters.get(part.slice(2, -1))!
  return node.flatMap((item, i) =>
    wanted(item) ? expand(item, rest, { context, done: [...done, String(i)] }) : [],
  )
}

function positionalIndex({ positional }: PathContext): number {
  if (positional === undefined) {
    throw mongoError('BadValue', 'The positional operator did not find the match needed from the query.')
  }
  return positional
}

function notAnArray(node: Maybe, part: string, done: string[]): Error {
  const path = done.join('.')
  if (node === undefined) {
    return mongoError(
      'BadValue',
      `The path '${path}' must exist in the document in order to apply array updates.`,
    )
  }
  return mongoError(
    'BadValue',
    `Cannot apply array updates to non-array element ${path}: ${showValue(node)} (${part}, ${typeName(node)})`,
  )
}

/** MongoDB applies changes in the order of their paths (numbers by size), which decides where new fields stand. */
export function comparePaths(a: readonly string[], b: readonly string[]): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = compareParts(a[i]!, b[i]!)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

function compareParts(a: string, b: string): number {
  if (NUMERIC_PART.test(a) && NUMERIC_PART.test(b)) return Number(a) - Number(b)
  return compare(a, b)
}
