// What window functions have in common.
import { isDoc, type Doc, type Maybe, type Value } from '../../bson/value.ts'
import type { Scope } from '../../expression/scope.ts'
import type { SortField } from '../../query/sort.ts'
import { locationError, mongoError } from '../../server/mongo-error.ts'
import type { Window } from './bounds.ts'

/** The sorted documents of one partition, ready to be computed on. */
export interface Partition {
  scopes: readonly Scope[]
  /** What each is sorted by, when the sort has one field. */
  values: readonly Maybe[]
  /** True where a document sorts as the one before it does. */
  tied: readonly boolean[]
}

/** Computes one output field for all documents of a partition. */
export type WindowFunction = (partition: Partition) => Maybe[]

export interface FunctionSource {
  name: string
  operand: Value
  window: Value | undefined
  sort: readonly SortField[]
}

export function unusable(message: string): Error {
  return mongoError('FailedToParse', message)
}

interface Running {
  add(at: number): void
  result(): Maybe
}

/** Goes on from the window before where this one begins at the same place; else adds all of it anew. */
export function accumulate(window: Window, start: (scopes: readonly Scope[]) => Running): WindowFunction {
  return ({ scopes, values }) => {
    const bounds = window.open(scopes.length, values)
    if (window.whole) return wholeOf(scopes, start)
    let state = start(scopes)
    let added = 0
    return scopes.map((_, at) => {
      const [first, last] = bounds(at)
      if (!window.growing) {
        state = start(scopes)
        added = first
      }
      for (; added <= last; added++) state.add(added)
      return snapshot(state.result())
    })
  }
}

function wholeOf(scopes: readonly Scope[], start: (scopes: readonly Scope[]) => Running): Maybe[] {
  const state = start(scopes)
  scopes.forEach((_, at) => state.add(at))
  const result = state.result()
  return scopes.map(() => result)
}

/** Lists that go on growing are handed out as they are now. */
function snapshot(value: Maybe): Maybe {
  if (Array.isArray(value)) return [...value]
  return isDoc(value) ? new Map(value) : value
}

export type Maker = (source: FunctionSource) => WindowFunction

export function demandSort({ name, sort }: FunctionSource, single: boolean): void {
  if (sort.length === 0 || (single && sort.length > 1))
    throw locationError(
      5371602,
      `${name} must be specified with a top level sortBy expression${single ? ' with exactly one element' : ''}`,
    )
}

export function namedOperands(source: FunctionSource, fields: readonly string[]): Doc {
  const { name, operand } = source
  if (!isDoc(operand)) throw unusable(`Argument to ${name} must be an object`)
  for (const field of operand.keys())
    if (!fields.includes(field)) throw unusable(`${name} got unexpected argument: ${field}`)
  return operand
}
