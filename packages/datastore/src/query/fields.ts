import { isDoc, type Doc } from '../bson/value.ts'

/** The top-level fields that a filter reads; null when it may read any (`$expr`). */
export function filterFields(filter: Doc): Set<string> | null {
  const fields = new Set<string>()
  return collect(filter, fields) ? fields : null
}

function collect(filter: Doc, fields: Set<string>): boolean {
  for (const [name, value] of filter) {
    if (name === '$and' || name === '$or' || name === '$nor') {
      if (!Array.isArray(value)) return false
      for (const part of value) if (!isDoc(part) || !collect(part, fields)) return false
    } else if (name === '$comment') {
      continue
    } else if (name.startsWith('$')) {
      return false
    } else {
      fields.add(name.split('.', 1)[0]!)
    }
  }
  return true
}

/** Where expressions are evaluated for each document, a writer lets others in after a few of them. */
export const FEW = 8

/** The `page` of a writer's query: {@link FEW} when its filter may compute. */
export function restingPage(filter: Doc): number | undefined {
  return filterFields(filter) === null ? FEW : undefined
}
