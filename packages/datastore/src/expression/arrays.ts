import { keyOf } from '../bson/key.ts'
import { optionNumber } from '../bson/number.ts'
import { compare, equal } from '../bson/order.ts'
import {
  Decimal,
  double,
  isDoc,
  isNumber,
  typeName,
  type Doc,
  type Maybe,
  type Value,
} from '../bson/value.ts'
import { divideParts, packDecimal } from '../bson/decimal.ts'
import { arithmetic, toNumber, toParts, type Num } from '../bson/number.ts'
import { docSortKey } from '../query/sort.ts'
import { readSort } from '../query/sort.ts'
import { locationError } from '../server/mongo-error.ts'
import { between, exactly, isNothing, isTrue, named, ofValues, operands } from './operands.ts'
import type { Expression, Operator, Scope } from './scope.ts'

function demandList(value: Maybe, code: number, name: string): Value[] {
  if (Array.isArray(value)) return value
  throw locationError(code, `${name} requires an array, found: ${typeName(value)}`)
}

function demandPlace(value: Maybe, code: number, name: string): number {
  const number = optionNumber(value)
  if (number === null)
    throw locationError(code, `${name} requires an integral value, found: ${typeName(value)}`)
  return number
}

/** A scope with one more variable. */
function withVariable(scope: Scope, name: string, value: Maybe): Scope {
  return { root: scope.root, variables: new Map([...scope.variables, [name, value]]) }
}

const size: Operator = (source, compile, name) => {
  const [operand] = exactly(1, source, { compile, name }) as [Expression]
  return (scope) => {
    const list = operand(scope)
    if (!Array.isArray(list))
      throw locationError(17124, `The argument to $size must be an array, but was of type: ${typeName(list)}`)
    return list.length
  }
}

function elementAt([list, at]: Value[], name: string): Maybe {
  const items = demandList(list, 28689, name)
  const index = demandPlace(at, 28690, name)
  return items.at(index < 0 && -index > items.length ? items.length : index)
}

const slice: Operator = (source, compile, name) => {
  const [list, first, second] = between([2, 3], source, { compile, name })
  return (scope) => {
    const items = list!(scope)
    const a = first!(scope)
    const b = second?.(scope)
    if (isNothing(items) || isNothing(a) || (second && isNothing(b))) return null
    const all = demandList(items, 28724, name)
    const n = demandPlace(a, 28725, name)
    if (!second) return n >= 0 ? all.slice(0, n) : all.slice(n)
    const count = demandPlace(b, 28727, name)
    if (count <= 0) throw locationError(28729, `Third argument to $slice must be positive: ${count}`)
    const start = n < 0 ? Math.max(0, all.length + n) : n
    return all.slice(start, start + count)
  }
}

const concatArrays: Operator = (source, compile, name) => {
  const list = operands(source, compile)
  return (scope) => {
    const out: Value[] = []
    for (const item of list) {
      const value = item(scope)
      if (isNothing(value)) return null
      out.push(...demandList(value, 28664, name))
    }
    return out
  }
}

const filter: Operator = (source, compile, name) => {
  const spec = named(source, name, { required: ['input', 'cond'], optional: ['as', 'limit'] })
  const input = compile(spec.get('input')!)
  const cond = compile(spec.get('cond')!)
  const limit = spec.has('limit') ? compile(spec.get('limit')!) : null
  const as = typeof spec.get('as') === 'string' ? (spec.get('as') as string) : 'this'
  return (scope) => {
    const list = input(scope)
    if (isNothing(list)) return null
    const kept = demandList(list, 28651, name).filter((item) => isTrue(cond(withVariable(scope, as, item))))
    const most = limit ? optionNumber(limit(scope)) : null
    return most === null ? kept : kept.slice(0, most)
  }
}

const map: Operator = (source, compile, name) => {
  const spec = named(source, name, { required: ['input', 'in'], optional: ['as'] })
  const input = compile(spec.get('input')!)
  const inner = compile(spec.get('in')!)
  const as = typeof spec.get('as') === 'string' ? (spec.get('as') as string) : 'this'
  return (scope) => {
    const list = input(scope)
    if (isNothing(list)) return null
    return demandList(list, 16883, name).map((item) => inner(withVariable(scope, as, item)) ?? null)
  }
}

const reduce: Operator = (source, compile, name) => {
  const spec = named(source, name, { required: ['input', 'initialValue', 'in'] })
  const [input, initial, inner] = ['input', 'initialValue', 'in'].map((field) =>
    compile(spec.get(field)!),
  ) as [Expression, Expression, Expression]
  return (scope) => {
    const list = input(scope)
    if (isNothing(list)) return null
    return demandList(list, 40080, name).reduce<Maybe>(
      (value, item) => inner(withVariable(withVariable(scope, 'value', value), 'this', item)),
      initial(scope),
    )
  }
}

const letOperator: Operator = (source, compile, name) => {
  const spec = named(source, name, { required: ['vars', 'in'] })
  const vars = spec.get('vars')
  if (!isDoc(vars)) throw locationError(16874, 'invalid parameter: expected an object (vars)')
  const values = [...vars].map(([variable, value]) => [variable, compile(value)] as const)
  const inner = compile(spec.get('in')!)
  return (scope) =>
    inner({
      root: scope.root,
      variables: new Map([
        ...scope.variables,
        ...values.map(([variable, value]) => [variable, value(scope)] as const),
      ]),
    })
}

const indexOfArray: Operator = (source, compile, name) => {
  const [list, wanted, start, end] = between([2, 4], source, { compile, name })
  return (scope) => {
    const items = list!(scope)
    if (isNothing(items)) return null
    const all = demandList(items, 40090, name)
    const value = wanted!(scope)
    const from = start ? demandPlace(start(scope), 40096, name) : 0
    const to = end ? Math.min(demandPlace(end(scope), 40096, name), all.length) : all.length
    for (let at = from; at < to; at++) if (value !== undefined && equal(all[at]!, value)) return at
    return -1
  }
}

const range: Operator = (source, compile, name) => {
  const list = between([2, 3], source, { compile, name })
  return (scope) => {
    const [start, end, step = 1] = list.map((item) => demandPlace(item(scope), 34443, name)) as [
      number,
      number,
      number?,
    ]
    if (step === 0) throw locationError(34449, '$range requires a non-zero step value')
    if (Math.abs((end - start) / step) > 5_000_000)
      throw locationError(146, '$range would use too much memory')
    const out: Value[] = []
    for (let value = start; step > 0 ? value < end : value > end; value += step) out.push(value)
    return out
  }
}

const isArray: Operator = (source, compile, name) => {
  const [operand] = exactly(1, source, { compile, name }) as [Expression]
  return (scope) => Array.isArray(operand(scope))
}

const zip: Operator = (source, compile, name) => {
  const spec = named(source, name, { required: ['inputs'], optional: ['useLongestLength', 'defaults'] })
  const inputs = spec.get('inputs')
  if (!Array.isArray(inputs)) throw locationError(34461, 'inputs must be an array of expressions')
  const lists = inputs.map(compile)
  const defaults = spec.has('defaults') ? compile(spec.get('defaults')!) : null
  const longest = spec.get('useLongestLength') === true
  return (scope) => {
    const values = lists.map((list) => list(scope))
    if (values.some(isNothing)) return null
    const all = values.map((value) => demandList(value, 34468, name))
    const fill = defaults?.(scope)
    const lengths = all.map((list) => list.length)
    const count = longest ? Math.max(...lengths) : Math.min(...lengths)
    return Array.from({ length: count }, (_, at) =>
      all.map((list, i) => list[at] ?? (Array.isArray(fill) ? (fill[i] ?? null) : null)),
    )
  }
}

const sortArray: Operator = (source, compile, name) => {
  const spec = named(source, name, { required: ['input', 'sortBy'] })
  const input = compile(spec.get('input')!)
  const by = spec.get('sortBy')!
  const order = isDoc(by) ? byFields(by) : byValue(by)
  return (scope) => {
    const list = input(scope)
    if (isNothing(list)) return null
    return [...demandList(list, 2942504, name)].sort(order)
  }
}

function byValue(direction: Value): (a: Value, b: Value) => number {
  const sign = isNumber(direction) ? toNumber(direction) : NaN
  if (sign !== 1 && sign !== -1)
    throw locationError(2942506, 'the sortBy of $sortArray must be 1, -1 or a document')
  return (a, b) => sign * compare(a, b)
}

function byFields(by: Doc): (a: Value, b: Value) => number {
  const key = docSortKey(readSort(by))
  const keyed = (value: Value): Buffer => key(isDoc(value) ? value : new Map())
  return (a, b) => Buffer.compare(keyed(a), keyed(b))
}

const firstOrLast =
  (at: number): Operator =>
  (source, compile, name) => {
    const [operand] = exactly(1, source, { compile, name }) as [Expression]
    return (scope) => {
      const list = operand(scope)
      return isNothing(list) ? null : demandList(list, 28689, name).at(at)
    }
  }

/** `$firstN`, `$lastN`, `$minN`, `$maxN` of a list. */
const several =
  (take: (list: Value[], n: number) => Value[]): Operator =>
  (source, compile, name) => {
    const spec = named(source, name, { required: ['input', 'n'] })
    const [input, n] = [compile(spec.get('input')!), compile(spec.get('n')!)]
    return (scope) => take([...demandList(input(scope), 5788200, name)], demandPlace(n(scope), 5787902, name))
  }

/** Numbers of a list, or of the operands: `$sum: "$list"` and `$sum: ["$a", "$b"]`. */
function valuesOf(source: Value, compile: (source: Value) => Expression): (scope: Scope) => Value[] {
  const list = operands(source, compile)
  return (scope) => {
    const values = list.map((item) => item(scope)).filter((value) => value !== undefined)
    return list.length === 1 && Array.isArray(values[0]) ? values[0] : values
  }
}

const sum: Operator = (source, compile) => {
  const values = valuesOf(source, compile)
  return (scope) =>
    values(scope)
      .filter(isNumber)
      .reduce<Num>((total, value) => arithmetic('add', [total, value], 'double')!, 0)
}

const avg: Operator = (source, compile) => {
  const values = valuesOf(source, compile)
  return (scope) => {
    const numbers = values(scope).filter(isNumber)
    if (numbers.length === 0) return null
    const total = numbers.reduce<Num>((sum, value) => arithmetic('add', [sum, value], 'double')!, 0)
    if (total instanceof Decimal) return packDecimal(divideParts(toParts(total), toParts(numbers.length)))
    return double(toNumber(total) / numbers.length)
  }
}

const best =
  (better: (difference: number) => boolean): Operator =>
  (source, compile) => {
    const values = valuesOf(source, compile)
    return (scope) => {
      let found: Maybe
      for (const value of values(scope)) {
        if (!isNothing(value) && (found === undefined || better(compare(value, found)))) found = value
      }
      return found ?? null
    }
  }

function distinct(lists: readonly Value[][]): Map<string, Value> {
  return new Map(lists.flat().map((value) => [keyOf(value).toString('latin1'), value] as const))
}

function setOf(run: (lists: Value[][]) => Value): Operator {
  return (source, compile, name) => {
    const list = operands(source, compile)
    return (scope) => {
      const values = list.map((item) => item(scope))
      if (values.some(isNothing)) return null
      return run(values.map((value) => demandList(value, 17043, name)))
    }
  }
}

function intersection(lists: Value[][]): Value {
  const [first, ...others] = lists.map((list) => distinct([list]))
  return [...(first ?? new Map<string, Value>())]
    .filter(([key]) => others.every((other) => other.has(key)))
    .map(([, value]) => value)
}

function equalSets(lists: Value[][]): boolean {
  const keys = lists.map((list) => [...distinct([list]).keys()].sort().join())
  return new Set(keys).size <= 1
}

const elements =
  (holds: (list: Value[]) => boolean): Operator =>
  (source, compile, name) => {
    const [operand] = exactly(1, source, { compile, name }) as [Expression]
    return (scope) => holds(demandList(operand(scope), 17041, name))
  }

export const arrayOperators: [string, Operator][] = [
  ['$size', size],
  ['$arrayElemAt', ofValues(2, elementAt)],
  ['$slice', slice],
  ['$concatArrays', concatArrays],
  ['$filter', filter],
  ['$map', map],
  ['$reduce', reduce],
  ['$let', letOperator],
  ['$indexOfArray', indexOfArray],
  ['$range', range],
  ['$isArray', isArray],
  ['$reverseArray', ofValues(1, ([list], name) => [...demandList(list, 34435, name)].reverse())],
  ['$zip', zip],
  ['$sortArray', sortArray],
  ['$first', firstOrLast(0)],
  ['$last', firstOrLast(-1)],
  ['$firstN', several((list, n) => list.slice(0, n))],
  ['$lastN', several((list, n) => list.slice(-n))],
  [
    '$minN',
    several((list, n) =>
      list
        .filter((item) => !isNothing(item))
        .sort(compare)
        .slice(0, n),
    ),
  ],
  [
    '$maxN',
    several((list, n) =>
      list
        .filter((item) => !isNothing(item))
        .sort((a, b) => compare(b, a))
        .slice(0, n),
    ),
  ],
  ['$sum', sum],
  ['$avg', avg],
  ['$min', best((difference) => difference < 0)],
  ['$max', best((difference) => difference > 0)],
  ['$setUnion', setOf((lists) => [...distinct(lists).values()])],
  ['$setIntersection', setOf(intersection)],
  [
    '$setDifference',
    setOf(([a, b]) =>
      [...distinct([a!])].filter(([key]) => !distinct([b!]).has(key)).map(([, value]) => value),
    ),
  ],
  ['$setEquals', setOf(equalSets)],
  ['$setIsSubset', setOf(([a, b]) => [...distinct([a!]).keys()].every((key) => distinct([b!]).has(key)))],
  ['$anyElementTrue', elements((list) => list.some(isTrue))],
  ['$allElementsTrue', elements((list) => list.every(isTrue))],
]
