import { storedCollation } from '../bson/collation.ts'
import { isDoc, type Doc, type Value } from '../bson/value.ts'
import { comparing, type Variables } from '../expression/scope.ts'
import { compileFilter, type Predicate } from '../query/match.ts'
import { compileSchema } from '../query/schema/json-schema.ts'
import type { Collection } from '../store/collection.ts'
import type { Context } from '../server/context.ts'
import { mongoError } from '../server/mongo-error.ts'
import { flag } from './options.ts'

/** What `create` and `collMod` say about the documents that may be stored. */
const OPTIONS = ['validator', 'validationLevel', 'validationAction'] as const
const LEVELS: ReadonlySet<Value> = new Set(['off', 'strict', 'moderate'])
const ACTIONS: ReadonlySet<Value> = new Set(['error', 'warn'])

/** The options of a command that concern validation, checked. @throws BadValue (2) and whatever a filter throws */
export function validationOptions(body: Doc): Doc {
  const options: Doc = new Map()
  for (const name of OPTIONS) {
    const value = body.get(name)
    if (value !== undefined) options.set(name, value)
  }
  checkEnumeration(options, 'validationLevel', LEVELS)
  checkEnumeration(options, 'validationAction', ACTIONS)
  const validator = options.get('validator')
  if (isDoc(validator)) compileFilter(validator)
  return options
}

function checkEnumeration(options: Doc, name: string, allowed: ReadonlySet<Value>): void {
  const value = options.get(name)
  if (value !== undefined && !allowed.has(value))
    throw mongoError(
      'BadValue',
      `Enumeration value '${String(value)}' for field '${name}' is not a valid value.`,
    )
}

/** The test of a collection's documents; null where anything may be stored. */
const compiled = new WeakMap<Collection, Predicate | null>()

function validatorOf(collection: Collection): Predicate | null {
  let test = compiled.get(collection)
  if (test === undefined) compiled.set(collection, (test = compileValidator(collection.options)))
  return test
}

function compileValidator(options: Doc): Predicate | null {
  const validator = options.get('validator')
  const off = options.get('validationLevel') === 'off' || options.get('validationAction') === 'warn'
  return isDoc(validator) && validator.size > 0 && !off
    ? compileFilter(validator, comparingAs(options))
    : null
}

/** A validator compares as its collection does. */
function comparingAs(options: Doc): Variables {
  return new Map(comparing(storedCollation(options)))
}

/** Whether documents must be looked at at all before they are stored. */
export function isValidated(context: Context, collection: Collection): boolean {
  return validatorOf(collection) !== null && !flag(context.body, 'bypassDocumentValidation')
}

/**
 * Refuses a document that the collection's validator does not let in. `before` is what it takes the place of:
 * at the level `moderate` what was wrong may stay wrong.
 *
 * @throws DocumentValidationFailure (121)
 */
export function checkDocument(context: Context, collection: Collection, doc: Doc, before?: Doc): void {
  const test = validatorOf(collection)
  if (!test || flag(context.body, 'bypassDocumentValidation') || test(doc)) return
  const moderate = collection.options.get('validationLevel') === 'moderate'
  if (moderate && before && !test(before)) return
  const errInfo = new Map<string, Value>([
    ['failingDocumentId', doc.get('_id') ?? null],
    ['details', detailsOf(collection.options, doc)],
  ])
  throw mongoError('DocumentValidationFailure', 'Document failed validation', { errInfo })
}

/** What of the validator does not hold. */
function detailsOf(options: Doc, doc: Doc): Doc {
  const validator = options.get('validator') as Doc
  const variables = comparingAs(options)
  const holds = ([name, value]: [string, Value]): boolean =>
    compileFilter(new Map([[name, value]]), variables)(doc)
  const failing = [...validator].filter((clause) => !holds(clause))
  const clauses = failing.map(([name, value]) => clauseOf(name, value, doc))
  if (validator.size === 1) return clauses[0]!
  const indexes = [...validator.keys()]
  return new Map<string, Value>([
    ['operatorName', '$and'],
    [
      'clausesNotSatisfied',
      clauses.map(
        (details, i) =>
          new Map<string, Value>([
            ['index', indexes.indexOf(failing[i]![0])],
            ['details', details],
          ]),
      ),
    ],
  ])
}

function clauseOf(name: string, value: Value, doc: Doc): Doc {
  if (name === '$jsonSchema') return compileSchema(value).explain(doc)
  const [operator] = isDoc(value) ? value.keys() : []
  return new Map<string, Value>([
    ['operatorName', name.startsWith('$') ? name : operator?.startsWith('$') ? operator : '$eq'],
    ['specifiedAs', new Map([[name, value]])],
    ['reason', 'the document did not match'],
  ])
}
