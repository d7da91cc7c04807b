import { isDoc, type Doc, type Value } from '../bson/value.ts'

/** A copy of a document with another value at a path; undefined takes it away. */
export function withValue(doc: Doc, parts: readonly string[], value: Value | undefined): Doc {
  const [part, ...rest] = parts as [string, ...string[]]
  const out: Doc = new Map(doc)
  if (rest.length > 0) {
    const child = out.get(part)
    out.set(part, withValue(isDoc(child) ? child : new Map(), rest, value))
  } else if (value === undefined) {
    out.delete(part)
  } else {
    out.set(part, value)
  }
  return out
}
