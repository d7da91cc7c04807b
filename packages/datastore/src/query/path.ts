import { isDoc, Undefined, type Doc, type Maybe, type Value } from '../bson/value.ts'

/** A part of a path that may be an index of an array. */
export const NUMERIC_PART = /^(?:0|[1-9]\d*)$/

/** Where a filter matched inside an array: what the positional `$` of an update or projection stands for. */
export interface MatchPosition {
  index?: number | undefined
}

type Visitor = (value: Maybe, position: MatchPosition | null) => boolean

/**
 * Shows every value that a filter's path reaches, as MongoDB walks it: arrays on the way are entered (their
 * documents, and by number), an array at the end is shown whole. Stops at the first true. The index of the
 * outermost array entered goes into `position`.
 */
export function visitPath(
  doc: Doc,
  parts: readonly string[],
  position: MatchPosition | null,
  visit: Visitor,
): boolean {
  return walkDoc({ parts, visit }, doc, 0, position)
}

interface Walk {
  parts: readonly string[]
  visit: Visitor
}

function walkDoc(walk: Walk, doc: Doc, at: number, position: MatchPosition | null): boolean {
  const child = doc.get(walk.parts[at]!)
  if (at === walk.parts.length - 1 || child === undefined) return walk.visit(child, position)
  return walkValue(walk, child, at + 1, position)
}

function walkValue(walk: Walk, value: Value, at: number, position: MatchPosition | null): boolean {
  if (isDoc(value)) return walkDoc(walk, value, at, position)
  if (!Array.isArray(value)) return walk.visit(undefined, position)
  if (walkIndexed(walk, value, at, position)) return true
  for (let i = 0; i < value.length; i++) {
    const item = value[i]!
    if (!isDoc(item) || !walkDoc(walk, item, at, position)) continue
    if (position) position.index = i
    return true
  }
  return false
}

function walkIndexed(walk: Walk, list: Value[], at: number, position: MatchPosition | null): boolean {
  const part = walk.parts[at]!
  if (!NUMERIC_PART.test(part)) return false
  const item = list[Number(part)]
  if (item === undefined) return false
  if (at === walk.parts.length - 1) return walk.visit(item, position)
  return typeof item === 'object' && item !== null && walkValue(walk, item, at + 1, position)
}

/** The value at a path through documents only, for messages; undefined when there is none. */
export function valueAt(doc: Doc, path: string): Maybe {
  let node: Maybe = doc
  for (const part of path.split('.')) {
    if (!isDoc(node)) return undefined
    node = node.get(part)
  }
  return node
}

/** All values at a path, arrays on the way and at the end spread one level: what `distinct` and `$lookup` see. */
export function valuesAt(doc: Doc, parts: readonly string[]): Value[] {
  const found: Value[] = []
  collect(doc, parts, found)
  return found
}

function collect(node: Maybe, parts: readonly string[], found: Value[]): void {
  if (node === undefined) return
  if (parts.length === 0) {
    if (Array.isArray(node)) found.push(...node)
    else found.push(node)
    return
  }
  const [part, ...rest] = parts as [string, ...string[]]
  if (isDoc(node)) return collect(node.get(part), rest, found)
  if (!Array.isArray(node)) return
  if (NUMERIC_PART.test(part)) collect(node[Number(part)], rest, found)
  for (const item of node) if (isDoc(item)) collect(item, parts, found)
}

/** The value that a document is sorted by: of an array its least element, descending its greatest. */
export function sortValue(
  doc: Doc,
  parts: readonly string[],
  better: (a: Value, b: Value) => boolean,
): Maybe {
  let best: Maybe
  const take = (value: Maybe): void => {
    if (best === undefined || better(value ?? null, best)) best = value ?? null
  }
  spreadForSort(doc, parts, take)
  return best
}

/** An empty array sorts before null. */
const EMPTY = new Undefined()

function spreadForSort(node: Maybe, parts: readonly string[], take: (value: Maybe) => void): void {
  if (parts.length === 0) {
    if (!Array.isArray(node)) return take(node)
    if (node.length === 0) return take(EMPTY)
    for (const item of node) take(item)
    return
  }
  if (isDoc(node)) return spreadForSort(node.get(parts[0]!), parts.slice(1), take)
  if (!Array.isArray(node)) return take(undefined)
  if (NUMERIC_PART.test(parts[0]!)) return spreadForSort(node[Number(parts[0])], parts.slice(1), take)
  if (node.length === 0) return take(undefined)
  for (const item of node) if (isDoc(item)) spreadForSort(item, parts, take)
}
