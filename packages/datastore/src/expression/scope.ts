import type { Collation } from '../bson/collation.ts'
import { comparisonBy, SIMPLE, type Comparison } from '../bson/comparison.ts'
import type { Doc, Maybe, Value } from '../bson/value.ts'

/** Values of `$$name`. */
export type Variables = ReadonlyMap<string, Maybe>

/** Where variables hold how their command compares: they go wherever values are compared. No client's name has a blank. */
const COMPARISON = ' comparison'

const bySpec = new WeakMap<Doc, Comparison>()

/** The entry of a command's variables that says how it compares; none for the simple comparison. */
export function comparing(collation: Collation | null): [string, Maybe][] {
  if (!collation) return []
  const { spec } = collation
  if (!bySpec.has(spec)) bySpec.set(spec, comparisonBy(collation))
  return [[COMPARISON, spec]]
}

/** How values are compared where these variables hold. */
export function comparisonOf(variables: Variables | undefined): Comparison {
  const spec = variables?.get(COMPARISON) as Doc | undefined
  // a client may give a variable any name: then its own comparison is the simple one
  return (spec && bySpec.get(spec)) ?? SIMPLE
}

/** What an expression is evaluated in: the document and the variables around it. */
export interface Scope {
  root: Doc
  variables: Variables
}

/** A compiled expression; undefined is "missing". */
export type Expression = (scope: Scope) => Maybe

/** Compiles an operand; handed to operators so that they need not import the compiler. */
export type Compile = (source: Value) => Expression

/** Makes the expression of an operator from its operand. */
export type Operator = (operand: Value, compile: Compile, name: string) => Expression
