import type { Doc, Maybe, Value } from '../bson/value.ts'

/** Values of `$$name`. */
export type Variables = ReadonlyMap<string, Maybe>

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
