import { encode } from '../bson/encode.ts'
import { isDoc, type Doc, type Value } from '../bson/value.ts'
import type { UpdateTargets } from '../store/recorder.ts'

/** What an update changed, by dotted paths: the `updateDescription` of a change event. */
interface Description {
  updatedFields: Doc
  removedFields: string[]
  truncatedArrays: Doc[]
}

/**
 * The difference of two versions of a document. Of an update by operators a named path is told whole, as MongoDB
 * logs it (but for elements that `$push` appends); of other updates the difference goes as deep as it can.
 */
export function updateDescription(before: Doc, after: Doc, targets?: UpdateTargets): Doc {
  const found: Description = { updatedFields: new Map(), removedFields: [], truncatedArrays: [] }
  const named = targets
    ? [...targets].map(([path, operator]) => ({ parts: path.split('.'), operator }))
    : null
  compareDocs({ before, after, path: [] }, named, found)
  return new Map<string, Value>([
    ['updatedFields', found.updatedFields],
    ['removedFields', found.removedFields],
    ['truncatedArrays', found.truncatedArrays],
  ])
}

interface Named {
  parts: string[]
  operator: string
}

interface Pair<T> {
  before: T
  after: T
  path: readonly string[]
}

function compareDocs({ before, after, path }: Pair<Doc>, named: Named[] | null, found: Description): void {
  for (const name of before.keys()) if (!after.has(name)) found.removedFields.push([...path, name].join('.'))
  for (const [name, value] of after) {
    const at = [...path, name]
    const old = before.get(name)
    if (old === undefined) found.updatedFields.set(at.join('.'), value)
    else compareValues({ before: old, after: value, path: at }, named, found)
  }
}

function compareValues(pair: Pair<Value>, named: Named[] | null, found: Description): void {
  const { before, after, path } = pair
  if (identical(before, after)) return
  const target = named?.find(({ parts }) => leadsTo(parts, path))
  if (isDoc(before) && isDoc(after) && !target) {
    compareDocs({ before, after, path }, named, found)
  } else if (Array.isArray(before) && Array.isArray(after) && canGoInto({ before, after }, named, target)) {
    compareLists({ before, after, path }, named, found)
  } else {
    found.updatedFields.set(path.join('.'), after)
  }
}

/** Lists are told by element where a path leads into them, where elements were appended, or where no path is named. */
function canGoInto(
  { before, after }: { before: Value[]; after: Value[] },
  named: Named[] | null,
  target: Named | undefined,
): boolean {
  if (!named || !target) return true
  return (
    target.operator === '$push' &&
    after.length > before.length &&
    before.every((item, at) => identical(item, after[at]!))
  )
}

function compareLists(
  { before, after, path }: Pair<Value[]>,
  named: Named[] | null,
  found: Description,
): void {
  after.forEach((value, at) => {
    const here = [...path, String(at)]
    if (at >= before.length) found.updatedFields.set(here.join('.'), value)
    else compareValues({ before: before[at]!, after: value, path: here }, named, found)
  })
  if (after.length < before.length) {
    found.truncatedArrays.push(
      new Map<string, Value>([
        ['field', path.join('.')],
        ['newSize', after.length],
      ]),
    )
  }
}

/** Whether a client's path means this place: its `$` and `$[…]` mean any element. */
function leadsTo(parts: readonly string[], path: readonly string[]): boolean {
  return parts.length === path.length && parts.every((part, at) => part === path[at] || part.startsWith('$'))
}

/** The same value of the same type: an int32 of 1 and a double of 1 differ. */
function identical(a: Value, b: Value): boolean {
  return a === b || encode(new Map([['', a]])).equals(encode(new Map([['', b]])))
}
