import { isDoc, isNumber, type Doc, type Maybe, type Value } from '../bson/value.ts'
import { toNumber } from '../bson/number.ts'
import { compileExpression } from '../expression/compile.ts'
import { isTrue } from '../expression/operands.ts'
import { comparisonOf, type Variables } from '../expression/scope.ts'
import { mongoError, notSupported } from '../server/mongo-error.ts'
import { isOperators, valueTest, type ValueTest } from './operators.ts'
import { schemaTest } from './schema/json-schema.ts'
import { visitPath, type MatchPosition } from './path.ts'

/** Tells whether a document matches; `position` receives the place of the match in an array. */
export type Predicate = (doc: Doc, position?: MatchPosition | null) => boolean

/**
 * Compiles a filter of MongoDB's query language.
 *
 * @throws BadValue (2) and its like for what the language does not allow, NotImplemented (238) for the rest
 */
export function compileFilter(filter: Doc, variables?: Variables): Predicate {
  const tests: Predicate[] = []
  for (const [name, value] of filter) {
    const test = name.startsWith('$') ? logical(name, value, variables) : fieldTest(name, value, variables)
    if (test) tests.push(test)
  }
  if (tests.length === 1) return tests[0]!
  return (doc, position) => {
    for (let i = 0; i < tests.length; i++) if (!tests[i]!(doc, position)) return false
    return true
  }
}

function logical(name: string, value: Value, variables?: Variables): Predicate | null {
  switch (name) {
    case '$and': {
      const parts = subFilters(name, value, variables)
      return (doc, position) => parts.every((part) => part(doc, position))
    }
    case '$or': {
      const parts = subFilters(name, value, variables)
      return (doc, position) => parts.some((part) => part(doc, position))
    }
    case '$nor': {
      const parts = subFilters(name, value, variables)
      return (doc) => !parts.some((part) => part(doc))
    }
    case '$expr': {
      const expression = compileExpression(value)
      return (doc) => isTrue(expression({ root: doc, variables: variables ?? new Map() }))
    }
    case '$jsonSchema':
      return schemaTest(value)
    case '$sampleRate': {
      const rate = isNumber(value) ? toNumber(value) : NaN
      if (!(rate >= 0 && rate <= 1))
        throw mongoError('BadValue', 'numeric argument to $sampleRate must be in [0, 1]')
      return () => Math.random() < rate
    }
    case '$alwaysFalse':
      return () => false
    case '$comment':
    case '$alwaysTrue':
      return null
    case '$where':
    case '$text':
      throw notSupported(name)
    default:
      throw mongoError(
        'BadValue',
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      )
  }
}

function subFilters(name: string, value: Value, variables?: Variables): Predicate[] {
  if (!Array.isArray(value)) throw mongoError('BadValue', `${name} argument must be an array`)
  if (value.length === 0) throw mongoError('BadValue', '$and/$or/$nor must be a nonempty array')
  return value.map((part) => {
    if (!isDoc(part)) throw mongoError('BadValue', `${name} argument's entries must be objects`)
    return compileFilter(part, variables)
  })
}

function fieldTest(path: string, condition: Value, variables?: Variables): Predicate {
  const operators = isOperators(condition) ? condition : new Map([['$eq', condition]])
  return operatorsTest(path, operators, variables)
}

/** A test of the operators over one path; negations deny the whole of what the plain ones find. */
function operatorsTest(path: string, operators: Doc, variables?: Variables): Predicate {
  const parts = path.split('.')
  const tests: Predicate[] = []
  for (const [name, operand] of operators) {
    if (name === '$options') {
      if (!operators.has('$regex')) throw mongoError('BadValue', '$options needs a $regex')
      continue
    }
    if (name === '$comment') continue
    tests.push(operatorTest(parts, name, { operand, operators, path, variables }))
  }
  if (tests.length === 1) return tests[0]!
  return (doc, position) => tests.every((test) => test(doc, position))
}

interface Operand {
  operand: Value
  operators: Doc
  path: string
  variables: Variables | undefined
}

function operatorTest(
  parts: readonly string[],
  name: string,
  { operand, operators, path, variables }: Operand,
): Predicate {
  const order = comparisonOf(variables)
  switch (name) {
    case '$ne':
      return negated(reach(parts, valueTest('$eq', operand, { path, order, negated: true })))
    case '$nin':
      return negated(reach(parts, valueTest('$in', operand, { path, order })))
    case '$exists': {
      const test = reach(parts, { whole: (value) => value !== undefined })
      return isWanted(operand) ? test : negated(test)
    }
    case '$not':
      return negated(notTest(path, operand, variables))
    case '$all': {
      const tests = allTests(operand, path, variables).map((test) => reach(parts, test))
      if (tests.length === 0) return () => false
      return (doc, position) => tests.every((test) => test(doc, position))
    }
    case '$elemMatch':
      return reach(parts, elemMatchTest(operand, variables))
    default:
      return reach(parts, valueTest(name, operand, { path, order, options: operators.get('$options') }))
  }
}

function negated(test: Predicate): Predicate {
  return (doc) => !test(doc, null)
}

function isWanted(operand: Value): boolean {
  if (isNumber(operand)) return toNumber(operand) !== 0
  return operand !== false && operand !== null
}

function notTest(path: string, operand: Value, variables?: Variables): Predicate {
  if (isOperators(operand)) return operatorsTest(path, operand, variables)
  if (isDoc(operand) && operand.size === 0) throw mongoError('BadValue', '$not cannot be empty')
  if (typeof operand === 'object' && operand !== null && 'pattern' in operand) {
    return operatorsTest(path, new Map([['$regex', operand]]))
  }
  throw mongoError('BadValue', '$not needs a regex or a document')
}

/** `$all` is one test for each wanted value; `$elemMatch` may stand in it. */
function allTests(operand: Value, path: string, variables?: Variables): ValueTest[] {
  if (!Array.isArray(operand)) throw mongoError('BadValue', '$all needs an array')
  return operand.map((item) => {
    if (isOperators(item) && item.has('$elemMatch')) return elemMatchTest(item.get('$elemMatch')!, variables)
    if (isOperators(item)) throw mongoError('BadValue', 'no $ expressions in $all')
    return valueTest('$eq', item, { path, order: comparisonOf(variables) })
  })
}

/** Applies a test at the end of a path: to the value whole, and to each element of an array there. */
function reach(parts: readonly string[], { whole, element }: ValueTest): Predicate {
  const visit = (value: Maybe, position: MatchPosition | null): boolean => {
    if (!Array.isArray(value)) return whole(value, position)
    if (element) {
      for (let i = 0; i < value.length; i++) {
        if (!element(value[i])) continue
        if (position) position.index = i
        return true
      }
    }
    return whole(value, position)
  }
  const [only] = parts
  if (parts.length === 1) return (doc, position = null) => visit(doc.get(only!), position)
  return (doc, position = null) => visitPath(doc, parts, position, visit)
}

function elemMatchTest(operand: Value, variables?: Variables): ValueTest {
  if (!isDoc(operand)) throw mongoError('BadValue', '$elemMatch needs an Object')
  const test = elementTest(operand, variables)
  return {
    whole: (value, position) => {
      if (!Array.isArray(value)) return false
      const index = value.findIndex(test)
      if (index >= 0 && position) position.index = index
      return index >= 0
    },
  }
}

/** What `$elemMatch` and `$pull` ask of one element: operators on itself, or a filter on the document it is. */
export function elementTest(condition: Doc, variables?: Variables): (element: Value) => boolean {
  const logicals = ['$and', '$or', '$nor', '$expr', '$jsonSchema', '$where', '$alwaysTrue', '$alwaysFalse']
  const [first] = condition.keys()
  if (first?.startsWith('$') && !logicals.includes(first)) return compileValueTest(condition, variables)
  const test = compileFilter(condition, variables)
  return (element) => {
    if (isDoc(element)) return test(element)
    return Array.isArray(element) && test(new Map(element.map((item, i) => [String(i), item] as const)))
  }
}

/** Operators applied to a bare value. */
export function compileValueTest(operators: Doc, variables?: Variables): (value: Maybe) => boolean {
  const test = operatorsTest('v', operators, variables)
  return (value) => test(value === undefined ? new Map() : new Map([['v', value]]))
}
