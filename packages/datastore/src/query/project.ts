import { optionNumber, toNumber } from '../bson/number.ts'
import { isDoc, isNumber, type Doc, type Maybe, type Value } from '../bson/value.ts'
import { compileExpression } from '../expression/compile.ts'
import type { Expression, Scope, Variables } from '../expression/scope.ts'
import { locationError, notSupported } from '../server/mongo-error.ts'
import { compileFilter, elementTest, type Predicate } from './match.ts'
import type { MatchPosition } from './path.ts'

type Projection = (doc: Doc, variables?: Variables) => Doc

interface ProjectionOptions {
  /** The filter of the `find`, for the positional `$`. */
  filter?: Doc
  variables?: Variables
  /** True in a pipeline: `$elemMatch`, `$slice` on a field and `a.$` are not allowed there. */
  aggregation?: boolean
}

/** What is to become of a field. */
type Rule =
  | { kind: 'keep' }
  | { kind: 'drop' }
  | { kind: 'compute'; expression: Expression }
  | { kind: 'elemMatch'; test: (item: Value) => boolean }
  | { kind: 'slice'; slice: (list: Value[]) => Value[] }
  | { kind: 'positional' }
  | Tree

interface Tree {
  kind: 'tree'
  children: Map<string, Rule>
}

/** Compiles a projection of `find` or `$project`. @throws 31253, 31254 for a mix of inclusion and exclusion, and others */
export function compileProjection(spec: Doc, options: ProjectionOptions = {}): Projection {
  const tree: Tree = { kind: 'tree', children: new Map() }
  for (const [path, value] of spec) addRule(tree, path, { path, value, options })
  const including = isInclusion(tree, spec)
  checkMix(tree, { including, top: true })
  if (including && !tree.children.has('_id')) tree.children.set('_id', { kind: 'keep' })
  const positional = countPositional(tree) > 0
  if (countPositional(tree) > 1)
    throw locationError(31276, 'Cannot specify more than one positional projection per query.')
  const matches = positional && options.filter ? compileFilter(options.filter, options.variables) : null
  return (doc, variables) => {
    const scope: Scope = { root: doc, variables: variables ?? options.variables ?? new Map() }
    const state: State = { including, scope, position: matches ? positionOf(matches, doc) : undefined }
    return projectDoc(doc, tree, state)
  }
}

interface Entry {
  path: string
  value: Value
  options: ProjectionOptions
}

function addRule(tree: Tree, path: string, entry: Entry): void {
  if (path === '') throw locationError(40352, 'FieldPath cannot be constructed with empty string')
  const parts = path.split('.')
  if (path.endsWith('.')) throw locationError(40353, "FieldPath must not end with a '.'.")
  if (parts.includes('')) throw locationError(15998, 'FieldPath field names may not be empty strings.')
  const positional = parts.at(-1) === '$' && parts.length > 1
  if (positional) checkPositional(entry)
  if (positional) parts.pop()
  else if (parts.slice(1).includes('$') && !entry.options.aggregation)
    throw locationError(31394, "positional projection may only be used at the end of the path, as in 'a.b.$'")
  if (parts.some((part) => part.startsWith('$'))) {
    throw locationError(
      16410,
      `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
    )
  }
  place(tree, parts, { entry, rule: positional ? { kind: 'positional' } : ruleOf(entry) })
}

/** @throws 31271, 31324, 31395 */
function checkPositional({ value, options }: Entry): void {
  if (options.aggregation)
    throw locationError(31324, 'positional projection is not allowed in an aggregation')
  if (isDoc(value)) throw locationError(31271, 'positional projection cannot be used with an expression')
  if (value === false || (isNumber(value) && toNumber(value) === 0))
    throw locationError(31395, 'positional projection cannot be used with exclusion')
}

function place(tree: Tree, parts: readonly string[], { entry, rule }: { entry: Entry; rule: Rule }): void {
  const [part, ...rest] = parts as [string, ...string[]]
  const known = tree.children.get(part)
  if (rest.length === 0) {
    if (known && known.kind === 'tree' && rule.kind === 'tree') {
      for (const [name, child] of rule.children) known.children.set(name, child)
      return
    }
    if (known) throw locationError(31250, `Path collision at ${entry.path}`)
    tree.children.set(part, rule)
    return
  }
  if (known && known.kind !== 'tree')
    throw locationError(31249, `Path collision at ${entry.path} remaining portion ${rest.join('.')}`)
  const below: Tree = known ?? { kind: 'tree', children: new Map() }
  tree.children.set(part, below)
  place(below, rest, { entry, rule })
}

function ruleOf(entry: Entry): Rule {
  const { value } = entry
  if (isNumber(value)) return { kind: toNumber(value) !== 0 ? 'keep' : 'drop' }
  if (typeof value === 'boolean') return { kind: value ? 'keep' : 'drop' }
  if (!isDoc(value)) return { kind: 'compute', expression: compileExpression(value) }
  const [first] = value.keys()
  if (first === undefined)
    throw locationError(51270, 'An empty sub-projection is not a valid value. Found empty object at path')
  if (!first.startsWith('$')) return subTree(value, entry)
  return operatorRule(first, value, entry)
}

function subTree(value: Doc, entry: Entry): Tree {
  const tree: Tree = { kind: 'tree', children: new Map() }
  for (const [name, child] of value)
    addRule(tree, name, { path: `${entry.path}.${name}`, value: child, options: entry.options })
  return tree
}

function operatorRule(name: string, value: Doc, { options, path }: Entry): Rule {
  if (!options.aggregation) {
    if (name === '$elemMatch') {
      const condition = value.get(name)
      if (!isDoc(condition)) throw locationError(31274, 'elemMatch: Invalid argument, object required')
      if (path.includes('.'))
        throw locationError(31275, 'Cannot use $elemMatch projection on a nested field.')
      return { kind: 'elemMatch', test: elementTest(condition, options.variables) }
    }
    if (name === '$slice' && isFindSlice(value.get(name)!))
      return { kind: 'slice', slice: sliceOf(value.get(name)!) }
  }
  if (name === '$meta') throw notSupported('A projection by $meta')
  return { kind: 'compute', expression: compileExpression(value) }
}

/** `find` knows `$slice` by numbers; the expression `$slice` has the array first. */
function isFindSlice(spec: Value): boolean {
  if (isNumber(spec)) return true
  return Array.isArray(spec) && spec.length === 2 && spec.every(isNumber)
}

function sliceOf(spec: Value): (list: Value[]) => Value[] {
  if (!Array.isArray(spec)) {
    const count = optionNumber(spec)!
    return (list) => (count >= 0 ? list.slice(0, count) : list.slice(count))
  }
  const [skip, count] = spec.map((item) => optionNumber(item)!) as [number, number]
  if (count <= 0) throw locationError(28724, `First argument to $slice must be positive: ${count}`)
  return (list) => {
    const start = skip < 0 ? Math.max(0, list.length + skip) : skip
    return list.slice(start, start + count)
  }
}

/** Inclusion is decided by the first field that says so; `_id` only when it stands alone. */
function isInclusion(tree: Tree, spec: Doc): boolean {
  const decided = decide(tree, true)
  if (decided !== null) return decided
  const id = tree.children.get('_id')
  if (tree.children.size === 1 && id) return id.kind !== 'drop'
  return spec.size > 0 && [...tree.children.values()].some((rule) => rule.kind === 'compute')
}

function decide(tree: Tree, top: boolean): boolean | null {
  let computed = false
  for (const [name, rule] of tree.children) {
    if (top && name === '_id' && rule.kind !== 'tree') continue
    if (rule.kind === 'keep' || rule.kind === 'positional') return true
    if (rule.kind === 'drop') return false
    if (rule.kind === 'compute' || rule.kind === 'elemMatch') computed = true
    if (rule.kind === 'tree') {
      const below = decide(rule, false)
      if (below !== null) return below
    }
  }
  return computed ? true : null
}

function checkMix(tree: Tree, { including, top }: { including: boolean; top: boolean }): void {
  for (const [name, rule] of tree.children) {
    if (rule.kind === 'tree') checkMix(rule, { including, top: false })
    if (top && name === '_id') continue
    if (including && rule.kind === 'drop')
      throw locationError(31254, `Cannot do exclusion on field ${name} in inclusion projection`)
    if (!including && (rule.kind === 'keep' || rule.kind === 'positional'))
      throw locationError(31253, `Cannot do inclusion on field ${name} in exclusion projection`)
    if (!including && rule.kind === 'compute')
      throw locationError(31252, `Cannot use expression other than $meta in exclusion projection: ${name}`)
  }
}

function countPositional(tree: Tree): number {
  let count = 0
  for (const rule of tree.children.values()) {
    if (rule.kind === 'positional') count++
    if (rule.kind === 'tree') count += countPositional(rule)
  }
  return count
}

function positionOf(matches: Predicate, doc: Doc): number | undefined {
  const position: MatchPosition = {}
  matches(doc, position)
  return position.index
}

interface State {
  including: boolean
  scope: Scope
  position: number | undefined
}

function projectDoc(doc: Doc, tree: Tree, state: State): Doc {
  const out: Doc = new Map()
  for (const [name, value] of doc) {
    const rule = tree.children.get(name)
    const result = rule ? applyRule(value, rule, state) : state.including ? undefined : value
    if (result !== undefined) out.set(name, result)
  }
  for (const [name, rule] of tree.children) {
    if (rule.kind === 'compute') setOrDelete(out, name, rule.expression(state.scope))
    else if (rule.kind === 'tree' && !doc.has(name)) setOrDelete(out, name, computedOnly(rule, state))
  }
  return out
}

function setOrDelete(doc: Doc, name: string, value: Maybe): void {
  if (value === undefined) doc.delete(name)
  else doc.set(name, value)
}

/** A sub-projection of a field that is not there: only what is computed appears. */
function computedOnly(tree: Tree, state: State): Maybe {
  const out: Doc = new Map()
  for (const [name, rule] of tree.children) {
    const value =
      rule.kind === 'compute'
        ? rule.expression(state.scope)
        : rule.kind === 'tree'
          ? computedOnly(rule, state)
          : undefined
    if (value !== undefined) out.set(name, value)
  }
  return out.size > 0 ? out : undefined
}

function applyRule(value: Value, rule: Rule, state: State): Maybe {
  switch (rule.kind) {
    case 'keep':
      return value
    case 'drop':
      return undefined
    case 'compute':
      return null
    case 'elemMatch': {
      const found = Array.isArray(value) ? value.find(rule.test) : undefined
      return found === undefined ? undefined : [found]
    }
    case 'slice':
      return Array.isArray(value) ? rule.slice(value) : value
    case 'positional':
      return positionalOf(value, state)
    case 'tree':
      return applyTree(value, rule, state)
  }
}

function positionalOf(value: Value, { position }: State): Maybe {
  if (!Array.isArray(value)) return value
  if (position === undefined || position >= value.length) {
    throw locationError(
      51246,
      "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
    )
  }
  return [value[position]!]
}

function applyTree(value: Value, tree: Tree, state: State): Maybe {
  if (isDoc(value)) return projectDoc(value, tree, state)
  if (Array.isArray(value)) {
    const items = value.map((item) =>
      isDoc(item) || Array.isArray(item) ? applyTree(item, tree, state) : state.including ? undefined : item,
    )
    return items.filter((item) => item !== undefined)
  }
  const computed = computedOnly(tree, state)
  if (computed !== undefined) return computed
  return state.including ? undefined : value
}
