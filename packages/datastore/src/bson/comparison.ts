import type { Collation } from './collation.ts'
import { keyOf } from './key.ts'
import { compare, compareArrays, compareDocs, equal, ORDER, orderOf, stringOf } from './order.ts'
import type { Doc, Value } from './value.ts'

/** How a command compares values. */
export interface Comparison {
  /** By whose rules texts are compared; null: by their bytes. */
  readonly collation: Collation | null
  compare(a: Value, b: Value): number
  equal(a: Value, b: Value): boolean
  /** Makes a function that gives equal values the same text, and others another one. It remembers what it was asked. */
  identities(): (value: Value) => string
}

const identity = (value: Value): string => keyOf(value).toString('latin1')

/** MongoDB's own comparison. */
export const SIMPLE: Comparison = { collation: null, compare, equal, identities: () => identity }

/** The comparison by a collation: of texts wherever they stand, but not of the names of fields. */
export function comparisonBy(collation: Collation): Comparison {
  const compareAll = (a: Value, b: Value): number => {
    const order = orderOf(a)
    if (order !== orderOf(b)) return compare(a, b)
    if (order === ORDER.string) return collation.compare(stringOf(a), stringOf(b))
    if (order === ORDER.object) return compareDocs(a as Doc, b as Doc, compareAll)
    return order === ORDER.array ? compareArrays(a as Value[], b as Value[], compareAll) : compare(a, b)
  }
  return {
    collation,
    compare: compareAll,
    equal: (a, b) => compareAll(a, b) === 0,
    identities() {
      const classOf = createClasses(collation)
      return (value) => keyOf(value, classOf).toString('latin1')
    },
  }
}

/** Numbers texts so that equal ones have one number, as four bytes. */
function createClasses({ compare: compareTexts }: Collation): (text: string) => Buffer {
  const known = new Map<string, Buffer>()
  /** One text of each class, in the collation's order. */
  const sorted: string[] = []
  return (text) => {
    let number = known.get(text)
    if (number) return number
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareTexts(sorted[middle]!, text) < 0) low = middle + 1
      else high = middle
    }
    const same = sorted[low]
    if (same !== undefined && compareTexts(same, text) === 0) {
      number = known.get(same)!
    } else {
      number = Buffer.alloc(4)
      number.writeUInt32BE(sorted.length)
      sorted.splice(low, 0, text)
    }
    known.set(text, number)
    return number
  }
}
