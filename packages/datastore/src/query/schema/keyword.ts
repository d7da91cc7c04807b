// What the keywords of a `$jsonSchema` are made of.
import { showValue } from '../../bson/show.ts'
import { optionNumber } from '../../bson/number.ts'
import { isDoc, isNumber, typeName, type Doc, type Maybe, type Value } from '../../bson/value.ts'
import { mongoError } from '../../server/mongo-error.ts'

/** One rule of a schema, about the value that the schema is of. */
export interface Rule {
  holds(value: Maybe): boolean
  /** What `errInfo.details` says of a value that does not hold. */
  explain(value: Maybe): Doc
}

/** A compiled schema: all rules hold. */
export interface Schema extends Rule {
  rules: readonly Rule[]
  description: Value | undefined
}

/** What a keyword is compiled from. */
export interface KeywordSource {
  name: string
  operand: Value
  /** The document the keyword stands in: some belong together (`maximum` and `exclusiveMaximum`). */
  schema: Doc
  compile: (schema: Value) => Schema
}

export type Keyword = (source: KeywordSource) => Rule | null

/** A rule about values of one kind; all others hold. */
export function ruleOf(
  { name, operand }: Pick<KeywordSource, 'name' | 'operand'>,
  reason: string,
  holds: (value: Value) => boolean,
): Rule {
  return {
    holds: (value) => value === undefined || holds(value),
    explain: (value) => explained(name, operand, { reason, value }),
  }
}

export function explained(
  name: string,
  operand: Value,
  { reason, value }: { reason?: string; value?: Maybe },
): Doc {
  const doc = new Map<string, Value>([
    ['operatorName', name],
    ['specifiedAs', new Map([[name, operand]])],
  ])
  if (reason !== undefined) doc.set('reason', reason)
  if (value !== undefined) doc.set('consideredValue', value)
  return doc
}

export function demandDoc({ name, operand }: KeywordSource): Doc {
  if (isDoc(operand)) return operand
  throw wrongType(name, 'an object', operand)
}

export function demandArray({ name, operand }: KeywordSource): Value[] {
  if (!Array.isArray(operand)) throw wrongType(name, 'an array', operand)
  if (operand.length === 0) throw unusable(`$jsonSchema keyword '${name}' cannot be an empty array`)
  return operand
}

/** A whole number of at least 0. */
export function demandCount({ name, operand }: KeywordSource): number {
  const count = isNumber(operand) ? optionNumber(operand) : null
  if (count === null) throw wrongType(name, 'a number', operand)
  if (Number(showValue(operand).replace(/[^\d.eE+-]/g, '')) !== count || count < 0)
    throw unusable(`$jsonSchema keyword '${name}' must be a non-negative integer`)
  return count
}

export function wrongType(name: string, wanted: string, found: Value): Error {
  return mongoError(
    'TypeMismatch',
    `$jsonSchema keyword '${name}' must be ${wanted}, but got an element of type ${typeName(found)}`,
  )
}

export function unusable(message: string): Error {
  return mongoError('FailedToParse', message)
}
