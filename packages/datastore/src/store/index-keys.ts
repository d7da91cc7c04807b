import { mongoError } from '../server/mongo-error.ts'
import { keyOfFields, type TextKey } from '../bson/key.ts'
import { isDoc, Undefined, type Doc, type Maybe, type Value } from '../bson/value.ts'

const NUMERIC = /^(?:0|[1-9]\d*)$/
const EMPTY_ARRAY = new Undefined()

/** The keys of one document in one index. */
export interface DocumentKeys {
  keys: Buffer[]
  /** True when an array spread the document over several keys (or could have): such an index is no order. */
  multikey: boolean
  /** True when the document has none of the index's fields: a sparse index leaves it out. */
  absent: boolean
}

/** Where one field of the index has arrived in the document. */
interface Cursor {
  node: Maybe
  /** Parts of the path that are still to go. */
  rest: readonly string[]
  /** An array element is a value of its own: an array in it is not spread again. */
  element: boolean
}

export interface KeyPattern {
  paths: readonly (readonly string[])[]
  names: readonly string[]
  descending: readonly boolean[]
}

/**
 * The keys under which a document stands: one, or with an array on a path one for each element. An empty array
 * stands as "undefined", nothing as null.
 *
 * @throws CannotIndexParallelArrays (171) when two different arrays would have to be spread
 */
export function documentKeys(pattern: KeyPattern, doc: Doc, texts?: TextKey): DocumentKeys {
  const cursors = cursorsOf(pattern, doc)
  const absent = cursors.every((cursor) => cursor.node === undefined)
  const pending = cursors.find(isPending)
  if (!pending) return { keys: [joinKey(pattern, cursors, texts)], multikey: false, absent }
  const found = new Map<string, Buffer>()
  spread(pattern, cursors, (ends) => {
    const key = joinKey(pattern, ends, texts)
    found.set(key.toString('latin1'), key)
  })
  return { keys: [...found.values()], multikey: true, absent }
}

/** What the keys of a document are made of: the values of the index's fields, once for each key. */
export function documentTuples(pattern: KeyPattern, doc: Doc): Value[][] {
  const found: Value[][] = []
  spread(pattern, cursorsOf(pattern, doc), (ends) => found.push(ends.map(({ node }) => node ?? null)))
  return found
}

function cursorsOf(pattern: KeyPattern, doc: Doc): Cursor[] {
  return pattern.paths.map((path) => descend({ node: doc, rest: path, element: false }))
}

function isPending(cursor: Cursor): boolean {
  return Array.isArray(cursor.node) && !(cursor.element && cursor.rest.length === 0)
}

/** Walks down to the value, to nothing, or to the first array on the way. */
function descend(cursor: Cursor): Cursor {
  let { node, rest, element } = cursor
  while (rest.length > 0) {
    const name = rest[0]!
    if (isDoc(node)) node = node.get(name)
    else if (Array.isArray(node) && !element && NUMERIC.test(name)) node = positional(node, name)
    else if (Array.isArray(node) && !element) return { node, rest, element }
    else return { node: undefined, rest: [], element }
    rest = rest.slice(1)
    element = false
  }
  return { node, rest, element }
}

function positional(list: Value[], name: string): Maybe {
  if (list.some((item) => isDoc(item) && item.has(name))) {
    throw mongoError(
      'BadValue',
      `Ambiguous field name found in array (do not use numeric field names in embedded elements in an array), field: '${name}'`,
    )
  }
  return list[Number(name)]
}

function spread(pattern: KeyPattern, cursors: Cursor[], take: (ends: Cursor[]) => void): void {
  const first = cursors.findIndex(isPending)
  if (first < 0) return take(cursors)
  const list = cursors[first]!.node as Value[]
  const other = cursors.findIndex((cursor) => isPending(cursor) && cursor.node !== list)
  if (other >= 0) {
    const [a, b] = [pattern.names[other], pattern.names[first]]
    throw mongoError('CannotIndexParallelArrays', `cannot index parallel arrays [${a}] [${b}]`)
  }
  for (const item of list.length > 0 ? list : [EMPTY_ARRAY]) {
    const next = cursors.map((cursor) =>
      isPending(cursor) ? descend({ node: item, rest: cursor.rest, element: true }) : cursor,
    )
    spread(pattern, next, take)
  }
}

function joinKey(pattern: KeyPattern, cursors: Cursor[], texts: TextKey | undefined): Buffer {
  return keyOfFields(
    cursors.map((cursor, i) => ({ value: cursor.node ?? null, descending: pattern.descending[i]! })),
    texts,
  )
}
