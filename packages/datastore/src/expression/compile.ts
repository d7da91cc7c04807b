import { isDoc, type Doc, type Maybe, type Value } from '../bson/value.ts'
import { locationError, mongoError, notSupported } from '../server/mongo-error.ts'
import { OPERATORS } from './operators.ts'
import type { Expression, Scope } from './scope.ts'

/**
 * Compiles an aggregation expression: a literal, `"$path"`, `"$$variable.path"`, an operator, or a document or
 * array of expressions.
 *
 * @throws InvalidPipelineOperator (168) for an unknown operator, 16020 for two operators in one document
 */
export function compileExpression(source: Value): Expression {
  if (typeof source === 'string') return source.startsWith('$') ? reference(source) : () => source
  if (Array.isArray(source)) {
    const items = source.map(compileExpression)
    return (scope) => items.map((item) => item(scope) ?? null)
  }
  if (!isDoc(source)) return () => source
  const [first] = source.keys()
  if (first?.startsWith('$')) return operator(first, source)
  return documentOf(source)
}

/** Expressions that run a client's JavaScript. */
const JAVASCRIPT = new Set(['$function', '$accumulator'])

function operator(name: string, source: Doc): Expression {
  if (source.size > 1) {
    throw locationError(
      15983,
      `an object representing an expression must have exactly one field: { ${[...source.keys()].join(', ')} }`,
    )
  }
  if (JAVASCRIPT.has(name) || name === '$meta') throw notSupported(`The expression ${name}`)
  const make = OPERATORS.get(name)
  if (!make) throw mongoError('InvalidPipelineOperator', `Unrecognized expression '${name}'`)
  return make(source.get(name)!, compileExpression, name)
}

function documentOf(source: Doc): Expression {
  const fields = [...source].map(([name, value]) => {
    if (name.includes('.'))
      throw locationError(
        16412,
        `FieldPath field names may not contain '.'. Consider using $getField or $setField. Field: ${name}`,
      )
    return [name, compileExpression(value)] as const
  })
  return (scope) => {
    const doc: Doc = new Map()
    for (const [name, expression] of fields) {
      const value = expression(scope)
      if (value !== undefined) doc.set(name, value)
    }
    return doc
  }
}

function reference(source: string): Expression {
  if (source.startsWith('$$')) return variableReference(source.slice(2))
  const path = source.slice(1)
  if (path === '') throw locationError(16872, "'$' by itself is not a valid FieldPath")
  const parts = fieldPath(path)
  const [only] = parts
  if (parts.length === 1) return ({ root }) => root.get(only!)
  return ({ root }) => pathValue(root, parts)
}

function fieldPath(path: string): string[] {
  const parts = path.split('.')
  if (path.endsWith('.')) throw locationError(40353, "FieldPath must not end with a '.'.")
  if (parts.some((part) => part === ''))
    throw locationError(15998, 'FieldPath field names may not be empty strings.')
  if (parts.some((part) => part.startsWith('$'))) {
    throw locationError(
      16410,
      `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
    )
  }
  return parts
}

function variableReference(path: string): Expression {
  const [name, ...rest] = path.split('.') as [string, ...string[]]
  if (name === '') throw locationError(16869, 'empty variable names are not allowed')
  const value = variable(name)
  return rest.length === 0 ? value : (scope) => pathValue(value(scope), rest)
}

function variable(name: string): Expression {
  switch (name) {
    case 'ROOT':
      return ({ root, variables }) => (variables.has('ROOT') ? variables.get('ROOT') : root)
    case 'CURRENT':
      return ({ root }) => root
    case 'REMOVE':
      return () => undefined
    default:
      return ({ variables }) => {
        if (!variables.has(name)) throw locationError(17276, `Use of undefined variable: ${name}`)
        return variables.get(name)
      }
  }
}

/** The value at a path, arrays on the way mapped over (their documents only). */
export function pathValue(node: Maybe, parts: readonly string[]): Maybe {
  if (parts.length === 0) return node
  if (isDoc(node)) return pathValue(node.get(parts[0]!), parts.slice(1))
  if (!Array.isArray(node)) return undefined
  const found: Value[] = []
  for (const item of node) {
    const value = isDoc(item) ? pathValue(item, parts) : undefined
    if (value !== undefined) found.push(value)
  }
  return found
}

/** Evaluates an expression that stands outside of any document (a `let`, a limit). */
export function evaluateConstant(source: Value, scope?: Partial<Scope>): Maybe {
  return compileExpression(source)({
    root: scope?.root ?? new Map(),
    variables: scope?.variables ?? new Map(),
  })
}
