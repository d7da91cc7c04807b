import type { Comparison } from '../bson/comparison.ts'
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
import { compareDocuments, createSorter } from '../query/sort.ts'
import { readSort } from '../query/sort.ts'
import { locationError } from '../server/mongo-error.ts'
import { countLoop } from './budget.ts'
import {
  between,
  exactly,
  isNothing,
  isTrue,
  named,
  ofValues,
  operands,
  variableName,
  wholeNumber,
} from './operands.ts'
import { comparisonOf, type Expression, type Operator, type Scope } from './scope.ts'
import { indexPlace } from './strings.ts'

export function demandList(value: Maybe, code: number, name: string): Value[] {
  if (Array.isArray(value)) return value
  throw locationError(code, `${name} requires an array, found: ${typeName(value)}`)
}

/** A scope whose variables change from round to round of a loop: one copy for all of them. */
function loopScope(scope: Scope): { inner: Scope; set: (name: string, value: Maybe) => void } {
  const variables = new Map(scope.variables)
  return {
    inner: { root: scope.root, variables },
    set(name, value) {
      countLoop()
      variables.set(name, value)
    },
  }
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
  const index = wholeNumber(at, [28690, 28691], `${name}'s second argument must be a whole number`)
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
    const n = wholeNumber(a, [28725, 28726], `Second argument to ${name} must be a whole number`)
    if (!second) return n >= 0 ? all.slice(0, n) : all.slice(n)
    const count = wholeNumber(b, [28727, 28728], `Third argument to ${name} must be a whole number`)
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
  const as = variableName(spec.get('as'), 'this')
  return (scope) => {
    const list = input(scope)
    if (isNothing(list)) return null
    const { inner, set } = loopScope(scope)
    const kept = demandList(list, 28651, name).filter((item) => {
      set(as, item)
      return isTrue(cond(inner))
    })
    const most = limit?.(scope)
    return isNothing(most) ? kept : kept.slice(0, filterLimit(most))
  }
}

function filterLimit(given: Value): number {
  const limit = wholeNumber(
    given,
    [327391, 327391],
    '$filter: limit must be represented as a 32-bit integral value',
  )
  if (limit < 1) throw locationError(327392, `$filter: limit must be greater than 0, found: ${limit}`)
  return limit
}

const map: Operator = (source, compile, name) => {
  const spec = named(source, name, { required: ['input', 'in'], optional: ['as'] })
  const input = compile(spec.get('input')!)
  const inner = compile(spec.get('in')!)
  const as = variableName(spec.get('as'), 'this')
  return (scope) => {
    const list = input(scope)
    if (isNothing(list)) return null
    const loop = loopScope(scope)
    return demandList(list, 16883, name).map((item) => {
      loop.set(as, item)
      return inner(loop.inner) ?? null
    })
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
    const loop = loopScope(scope)
    return demandList(list, 40080, name).reduce<Maybe>((value, item) => {
      loop.set('value', value)
      loop.set('this', item)
      return inner(loop.inner)
    }, initial(scope))
  }
}

const letOperator: Operator = (source, compile, name) => {
  const spec = named(source, name, { required: ['vars', 'in'] })
  const vars = spec.get('vars')
  if (!isDoc(vars)) throw locationError(16874, 'invalid parameter: expected an object (vars)')
  const values = [...vars].map(([variable, value]) => [variableName(variable, ''), compile(value)] as const)
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
    const from = start ? indexPlace(start(scope), name) : 0
    const to = end ? Math.min(indexPlace(end(scope), name), all.length) : all.length
    const { equal } = comparisonOf(scope.variables)
    for (let at = from; at < to; at++) if (value !== undefined && equal(all[at]!, value)) return at
    return -1
  }
}

/** Of start, end and step: no number, no whole number of 32 bits. */
const RANGE_CODES: [number, number][] = [
  [34443, 34444],
  [34445, 34446],
  [34447, 34448],
]

const range: Operator = (source, compile, name) => {
  const list = between([2, 3], source, { compile, name })
  return (scope) => {
    const [start, end, step = 1] = list.map((item, i) =>
      wholeNumber(item(scope), RANGE_CODES[i]!, `${name} requires 32-bit whole numbers`),
    ) as [number, number, number?]
    if (step === 0) throw locationError(34449, '$range requires a non-zero step value')
    if (Math.abs((end - start) / step) > 5_000_000)
      throw locationError(146, '$range would use too much memory')
    const out: Value[] = []
    for (let value = start; step > 0 ? value < end : value > end; value += step) {
      countLoop()
      out.push(value)
    }
    return out
  }
}

const isArray: Operator = (source, compile, name) => {
  const [operand] = exactly(1, source, { compile, name }) as [Expression]
  return (scope) => Array.isArray(operand(scope))
}

function checkZip(spec: Doc, count: number): void {
  const longest = spec.get('useLongestLength') ?? false
  const defaults = spec.get('defaults')
  if (count === 0) throw locationError(34465, '$zip requires at least one input array')
  if (typeof longest !== 'boolean')
    throw locationError(34463, `useLongestLength must be a bool, found ${typeName(longest)}`)
  if (defaults === undefined) return
  if (!Array.isArray(defaults))
    throw locationError(34462, `defaults must be an array of expressions, found ${typeName(defaults)}`)
  if (defaults.length > 0 && !longest)
    throw locationError(34466, 'cannot specify defaults unless useLongestLength is true')
  if (defaults.length > 0 && defaults.length !== count)
    throw locationError(34467, 'defaults and inputs must have the same length')
}

const zip: Operator = (source, compile, name) => {
  const spec = named(source, name, { required: ['inputs'], optional: ['useLongestLength', 'defaults'] })
  const inputs = spec.get('inputs')
  if (!Array.isArray(inputs)) throw locationError(34461, 'inputs must be an array of expressions')
  const lists = inputs.map(compile)
  const defaults = spec.has('defaults') ? compile(spec.get('defaults')!) : null
  const longest = spec.get('useLongestLength') ?? false
  checkZip(spec, inputs.length)
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
    return [...demandList(list, 2942504, name)].sort(order(comparisonOf(scope.variables)))
  }
}

type Ordering = (order: Comparison) => (a: Value, b: Value) => number

function byValue(direction: Value): Ordering {
  const sign = isNumber(direction) ? toNumber(direction) : NaN
  if (sign !== 1 && sign !== -1)
    throw locationError(2942506, 'the sortBy of $sortArray must be 1, -1 or a document')
  return ({ compare }) =>
    (a, b) =>
      sign * compare(a, b)
}

function byFields(by: Doc): Ordering {
  const sort = readSort(by)
  return (order) => compareDocuments(createSorter(sort, order))
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
  (take: (list: Value[], n: number, order: Comparison) => Value[]): Operator =>
  (source, compile, name) => {
    const spec = named(source, name, { required: ['input', 'n'] })
    const [input, n] = [compile(spec.get('input')!), compile(spec.get('n')!)]
    return (scope) => {
      const count = severalCount(n(scope), name)
      return take([...demandList(input(scope), 5788200, name)], count, comparisonOf(scope.variables))
    }
  }

/** The `n` of `$firstN` and its like. @throws 5787902, 5787903, 5787908 */
export function severalCount(value: Maybe, name: string): number {
  const count = wholeNumber(value, [5787902, 5787903], `Value for 'n' of ${name} must be of integral type`)
  if (count < 1) throw locationError(5787908, `'n' must be greater than 0, found ${count} for ${name}`)
  return count
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
      const { compare } = comparisonOf(scope.variables)
      for (const value of values(scope)) {
        if (!isNothing(value) && (found === undefined || better(compare(value, found)))) found = value
      }
      return found ?? null
    }
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
    several((list, n, { compare }) =>
      list
        .filter((item) => !isNothing(item))
        .sort(compare)
        .slice(0, n),
    ),
  ],
  [
    '$maxN',
    several((list, n, { compare }) =>
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
]
