import { equal } from '../bson/order.ts'
import { isDoc, Regex, type Doc, type Value } from '../bson/value.ts'
import { isOperators } from '../query/operators.ts'
import { MongoServerFault } from '../server/mongo-error.ts'
import { copy } from './fields.ts'
import { applyAt } from './paths.ts'

/** The document an upsert starts from: what the filter demands by equality. */
export function upsertSeed(filter: Doc): Doc {
  const found = new Map<string, Value>()
  collect(filter, found)
  const seed: Doc = new Map()
  const id = found.get('_id')
  if (id !== undefined) seed.set('_id', copy(id))
  for (const [path, value] of found) {
    for (const other of found.keys()) {
      if (other.startsWith(`${path}.`)) {
        throw new MongoServerFault(54, 'NotSingleValueField', {
          message: `cannot infer query fields to set, both paths '${other}' and '${path}' are matched`,
        })
      }
    }
    if (path !== '_id') applyAt(seed, path.split('.'), { creates: true, apply: () => copy(value) })
  }
  return seed
}

function collect(filter: Doc, found: Map<string, Value>): void {
  for (const [name, condition] of filter) {
    if (name === '$and' || name === '$or') {
      if (!Array.isArray(condition) || (name === '$or' && condition.length > 1)) continue
      for (const part of condition) if (isDoc(part)) collect(part, found)
    } else if (!name.startsWith('$')) {
      const value = equality(condition)
      if (value !== undefined) note(found, name, value)
    }
  }
}

function equality(condition: Value): Value | undefined {
  if (condition instanceof Regex) return undefined
  if (!isOperators(condition)) return condition
  if (condition.has('$eq')) return condition.get('$eq')
  for (const name of ['$all', '$in']) {
    const list = condition.get(name)
    if (Array.isArray(list) && list.length === 1 && !isOperators(list[0]) && !(list[0] instanceof Regex))
      return list[0]
  }
  return undefined
}

function note(found: Map<string, Value>, path: string, value: Value): void {
  const known = found.get(path)
  if (known !== undefined && !equal(known, value)) {
    throw new MongoServerFault(54, 'NotSingleValueField', {
      message: `cannot infer query fields to set, path '${path}' is matched twice`,
    })
  }
  found.set(path, value)
}
