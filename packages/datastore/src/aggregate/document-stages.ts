// The stages that turn one document into one other: $project, $addFields, $set, $unset, $replaceRoot, $replaceWith.
import { isDoc, typeName, type Doc, type Maybe, type Value } from '../bson/value.ts'
import { showValue } from '../bson/show.ts'
import { compileExpression } from '../expression/compile.ts'
import type { Expression, Scope, Variables } from '../expression/scope.ts'
import { compileProjection } from '../query/project.ts'
import { locationError } from '../server/mongo-error.ts'

/** Makes a document of a document. */
type DocumentStage = (doc: Doc, variables: Variables) => Doc

/** The stage of that name, or null when it is not one of these. */
export function documentStage(name: string, spec: Value): DocumentStage | null {
  switch (name) {
    case '$project':
      return project(spec)
    case '$addFields':
    case '$set':
      return addFields(name, spec)
    case '$unset':
      return unset(spec)
    case '$replaceRoot':
      return replaceRoot(spec)
    case '$replaceWith':
      return replaceWith(spec)
    default:
      return null
  }
}

function project(spec: Value): DocumentStage {
  if (!isDoc(spec)) throw locationError(15969, '$project specification must be an object')
  if (spec.size === 0)
    throw locationError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    )
  const apply = compileProjection(spec, { aggregation: true })
  return (doc, variables) => apply(doc, variables)
}

function addFields(name: string, spec: Value): DocumentStage {
  if (!isDoc(spec))
    throw locationError(40272, `${name} specification stage must be an object, got ${typeName(spec)}`)
  const tree = addTree(spec)
  return (doc, variables) => applyAdd(doc, tree, { root: doc, variables }) as Doc
}

/** New values by field; a plain document in the specification adds below. */
interface AddTree {
  children: Map<string, AddTree | Expression>
}

function addTree(spec: Doc): AddTree {
  const tree: AddTree = { children: new Map() }
  for (const [path, value] of spec) {
    checkFieldPath(path)
    if (path.startsWith('$'))
      throw locationError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField. Field: ${path}`,
      )
    addPath(tree, path.split('.'), value)
  }
  return tree
}

/** @throws 40352, 40353, 15998 */
function checkFieldPath(path: string): void {
  if (path === '') throw locationError(40352, 'FieldPath cannot be constructed with empty string')
  if (path.endsWith('.')) throw locationError(40353, "FieldPath must not end with a '.'.")
  if (path.split('.').includes(''))
    throw locationError(15998, 'FieldPath field names may not be empty strings.')
}

function addPath(tree: AddTree, parts: readonly string[], value: Value): void {
  const [part, ...rest] = parts as [string, ...string[]]
  if (rest.length === 0) {
    if (tree.children.has(part))
      throw locationError(
        40176,
        `Invalid $addFields :: caused by :: specification contains two conflicting paths: ${part}`,
      )
    tree.children.set(part, isPlain(value) ? addTree(value) : compileExpression(value))
    return
  }
  const child = tree.children.get(part)
  if (typeof child === 'function')
    throw locationError(
      40176,
      `Invalid $addFields :: caused by :: specification contains two conflicting paths: ${parts.join('.')}`,
    )
  const below = child ?? { children: new Map() }
  tree.children.set(part, below)
  addPath(below, rest, value)
}

function isPlain(value: Value): value is Doc {
  if (!isDoc(value) || value.size === 0) return false
  const [first] = value.keys()
  return !first!.startsWith('$')
}

function applyAdd(node: Maybe, tree: AddTree, scope: Scope): Value {
  if (Array.isArray(node)) return node.map((item) => applyAdd(item, tree, scope))
  const doc: Doc = isDoc(node) ? new Map(node) : new Map()
  for (const [name, child] of tree.children) {
    const value = typeof child === 'function' ? child(scope) : applyAdd(doc.get(name), child, scope)
    if (value === undefined) doc.delete(name)
    else doc.set(name, value)
  }
  return doc
}

function unset(spec: Value): DocumentStage {
  const paths = Array.isArray(spec) ? spec : [spec]
  if (paths.length === 0)
    throw locationError(31119, '$unset specification must be a string or an array with at least one field')
  for (const path of paths) {
    if (typeof path !== 'string')
      throw locationError(
        Array.isArray(spec) ? 31120 : 31002,
        '$unset specification must be a string or an array containing only string values',
      )
    checkFieldPath(path)
  }
  return project(new Map(paths.map((path) => [path as string, 0] as const)))
}

function replaceRoot(spec: Value): DocumentStage {
  if (!isDoc(spec))
    throw locationError(
      40229,
      `expected an object as specification for $replaceRoot stage, got ${typeName(spec)}`,
    )
  for (const name of spec.keys()) {
    if (name !== 'newRoot')
      throw locationError(40415, `BSON field '$replaceRoot.${name}' is an unknown field.`)
  }
  const newRoot = spec.get('newRoot')
  if (newRoot === undefined) throw locationError(40231, 'no newRoot specified for the $replaceRoot stage')
  return replaceWith(newRoot)
}

function replaceWith(spec: Value): DocumentStage {
  const expression = compileExpression(spec)
  return (doc, variables) => {
    const value = expression({ root: doc, variables })
    if (isDoc(value)) return value
    throw locationError(
      40228,
      `'newRoot' expression must evaluate to an object, but resulting value was: ${value === undefined ? 'MISSING' : showValue(value)}. Type of resulting value: '${typeName(value)}'.`,
    )
  }
}
