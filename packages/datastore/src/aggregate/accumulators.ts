import { createSorter, readSort, type Sorter, type SortKey } from '../query/sort.ts'
import { SIMPLE as BY_BYTES, type Comparison } from '../bson/comparison.ts'
import { arithmetic, rankOf, toNumber, toParts, type Num } from '../bson/number.ts'
import {
  Decimal,
  double,
  isDoc,
  isNumber,
  typeName,
  Undefined,
  type Doc,
  type Maybe,
  type Value,
} from '../bson/value.ts'
import { divideParts, packDecimal } from '../bson/decimal.ts'
import { severalCount } from '../expression/arrays.ts'
import { compileExpression, evaluateConstant } from '../expression/compile.ts'
import { createDeviation, readPercentile } from '../expression/statistics.ts'
import { named } from '../expression/operands.ts'
import { comparisonOf, type Expression, type Scope } from '../expression/scope.ts'
import { locationError, notSupported } from '../server/mongo-error.ts'

/** The state of one accumulator of one group. */
export interface Accumulator {
  add(scope: Scope): void
  result(): Maybe
}

/** Makes the state of a new group. */
export type AccumulatorMaker = () => Accumulator

/** Compiles `{ $sum: … }`. @throws 15952 for an unknown accumulator */
export function compileAccumulator(name: string, operand: Value): AccumulatorMaker {
  const special = SPECIAL[name]
  if (special) return special(operand, name)
  const simple = SIMPLE[name]
  if (!simple) {
    if (name === '$accumulator') throw notSupported(name)
    throw locationError(15952, `unknown group operator '${name}'`)
  }
  const expression = compileExpression(operand)
  return () => {
    const state = simple()
    return {
      add: (scope) => state.add(expression(scope), comparisonOf(scope.variables)),
      result: () => state.result(),
    }
  }
}

interface ValueAccumulator {
  add(value: Maybe, order: Comparison): void
  result(): Maybe
}

function isNothing(value: Maybe): boolean {
  return value === undefined || value === null || value instanceof Undefined
}

/** Adds numbers with their types; doubles by Kahan's sum, so that the order of documents hardly shows. */
function createSum(): { add(value: Maybe): void; result(): Num } {
  let exact: Num = 0
  let floating = 0
  let lost = 0
  let hasDouble = false
  return {
    add(value) {
      if (!isNumber(value)) return
      if (rankOf(value) !== 2) {
        exact = arithmetic('add', [exact, value], 'double')!
        return
      }
      hasDouble = true
      const number = toNumber(value)
      const sum = floating + number
      lost += Math.abs(floating) >= Math.abs(number) ? floating - sum + number : number - sum + floating
      floating = sum
    },
    result() {
      if (!hasDouble) return exact
      const total = floating + (Number.isFinite(lost) ? lost : 0)
      return arithmetic('add', [exact, double(total)], 'double')!
    },
  }
}

function average(): ValueAccumulator {
  const sum = createSum()
  let count = 0
  return {
    add(value) {
      if (!isNumber(value)) return
      sum.add(value)
      count++
    },
    result() {
      if (count === 0) return null
      const total = sum.result()
      if (total instanceof Decimal) return packDecimal(divideParts(toParts(total), toParts(count)))
      return double(toNumber(total) / count)
    },
  }
}

function extreme(better: (difference: number) => boolean): () => ValueAccumulator {
  return () => {
    let best: Maybe
    return {
      add(value, order) {
        if (isNothing(value)) return
        if (best === undefined || better(order.compare(value!, best))) best = value
      },
      result: () => best ?? null,
    }
  }
}

function addToSet(): ValueAccumulator {
  const found = new Map<string, Value>()
  let identity: ((value: Value) => string) | null = null
  return {
    add(value, order) {
      if (value === undefined) return
      identity ??= order.identities()
      const key = identity(value)
      if (!found.has(key)) found.set(key, value)
    },
    result: () => [...found.values()],
  }
}

function mergeObjects(): ValueAccumulator {
  const merged: Doc = new Map()
  return {
    add(value) {
      if (isNothing(value)) return
      if (!isDoc(value))
        throw locationError(
          40400,
          `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`,
        )
      for (const [name, item] of value) merged.set(name, item)
    },
    result: () => merged,
  }
}

const SIMPLE: Record<string, () => ValueAccumulator> = {
  $sum: createSum,
  $avg: average,
  $min: extreme((difference) => difference < 0),
  $max: extreme((difference) => difference > 0),
  $stdDevPop: () => createDeviation(false),
  $stdDevSamp: () => createDeviation(true),
  $addToSet: addToSet,
  $mergeObjects: mergeObjects,
  $first: () => {
    let first: { value: Maybe } | null = null
    return {
      add(value) {
        first ??= { value }
      },
      result: () => first?.value ?? null,
    }
  },
  $last: () => {
    let last: Maybe
    return {
      add(value) {
        last = value
      },
      result: () => last ?? null,
    }
  },
  $push: () => {
    const list: Value[] = []
    return {
      add(value) {
        if (value !== undefined) list.push(value)
      },
      result: () => list,
    }
  },
}

type SpecialMaker = (operand: Value, name: string) => AccumulatorMaker

const countMaker: SpecialMaker = (operand) => {
  if (!isDoc(operand) || operand.size > 0) throw locationError(9, '$count takes no arguments, i.e. $count:{}')
  return () => {
    let count = 0
    return {
      add() {
        count++
      },
      result: () => count,
    }
  }
}

/** `$firstN` and its like: `{ input, n }`. */
function severalMaker(
  take: (list: Value[], n: number, order: Comparison) => Value[],
  keep: (value: Maybe) => boolean,
): SpecialMaker {
  return (operand, name) => {
    const spec = named(operand, name, { required: ['n', 'input'] })
    const input = compileExpression(spec.get('input')!)
    const n = positive(spec.get('n')!, name)
    return () => {
      const list: Value[] = []
      let order = BY_BYTES
      return {
        add(scope) {
          order = comparisonOf(scope.variables)
          const value = input(scope)
          if (keep(value)) list.push(value ?? null)
        },
        result: () => take(list, n, order),
      }
    }
  }
}

function positive(source: Value, name: string): number {
  return severalCount(evaluateConstant(source), name)
}

/** `$median` and `$percentile` of all values. */
const percentileMaker: SpecialMaker = (operand, name) => {
  const { input, pick } = readPercentile(operand, name, compileExpression)
  return () => {
    const list: Value[] = []
    return {
      add(scope) {
        const value = input(scope)
        if (isNumber(value)) list.push(value)
      },
      result: () => pick(list),
    }
  }
}

/** `$top` and its like: the best by an order of their own. */
function rankedMaker(last: boolean, several: boolean): SpecialMaker {
  return (operand, name) => {
    if (!isDoc(operand) || !isDoc(operand.get('sortBy')) || !operand.has('output')) {
      throw locationError(5788002, `${name} needs 'sortBy' and 'output'`)
    }
    const sort = readSort(operand.get('sortBy') as Doc)
    const output: Expression = compileExpression(operand.get('output')!)
    const n = several ? positive(operand.get('n') ?? null, name) : 1
    return () => {
      const list: { key: SortKey; value: Value }[] = []
      let sorter: Sorter | null = null
      return {
        add(scope) {
          sorter ??= createSorter(sort, comparisonOf(scope.variables))
          list.push({ key: sorter.key(scope.root), value: output(scope) ?? null })
        },
        result() {
          list.sort((a, b) => sorter!.compare(a.key, b.key))
          const best = (last ? list.slice(-n) : list.slice(0, n)).map(({ value }) => value)
          return several ? best : (best[0] ?? null)
        },
      }
    }
  }
}

const all = (): boolean => true
const something = (value: Maybe): boolean => !isNothing(value)

const SPECIAL: Record<string, SpecialMaker> = {
  $count: countMaker,
  $firstN: severalMaker((list, n) => list.slice(0, n), all),
  $lastN: severalMaker((list, n) => list.slice(-n), all),
  $minN: severalMaker((list, n, { compare }) => list.sort(compare).slice(0, n), something),
  $maxN: severalMaker((list, n, { compare }) => list.sort((a, b) => compare(b, a)).slice(0, n), something),
  $median: percentileMaker,
  $percentile: percentileMaker,
  $top: rankedMaker(false, false),
  $bottom: rankedMaker(true, false),
  $topN: rankedMaker(false, true),
  $bottomN: rankedMaker(true, true),
}

/** The names of all accumulators; windows take the same ones. */
export const ACCUMULATORS: ReadonlySet<string> = new Set([...Object.keys(SIMPLE), ...Object.keys(SPECIAL)])
