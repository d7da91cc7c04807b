import { equal } from '../bson/order.ts'
import { isDoc, type Doc, type Value } from '../bson/value.ts'
import { showValue } from '../bson/show.ts'
import type { Variables } from '../expression/scope.ts'
import { compileFilter } from '../query/match.ts'
import { valueAt } from '../query/path.ts'
import { mongoError } from '../server/mongo-error.ts'
import { addToSetLeaf, popLeaf, pullAllLeaf, pullLeaf, pushLeaf } from './arrays.ts'
import {
  bitLeaf,
  currentDateLeaf,
  incLeaf,
  maxLeaf,
  minLeaf,
  mulLeaf,
  setLeaf,
  unsetLeaf,
  type LeafMaker,
} from './fields.ts'
import { applyAt, comparePaths, concretePaths, UNSET, type Leaf, type PathContext } from './paths.ts'

/** What an update needs of the match it is applied to. */
interface UpdateTarget {
  positional: number | undefined
  /** The document is being made by an upsert: `$setOnInsert` counts. */
  inserting: boolean
}

/** Changes a decoded document in place, or gives another in its place. */
export type Updater = (doc: Doc, target: UpdateTarget) => Doc

const LEAVES: Record<string, LeafMaker> = {
  $set: setLeaf,
  $setOnInsert: setLeaf,
  $unset: unsetLeaf,
  $inc: incLeaf,
  $mul: mulLeaf,
  $min: minLeaf,
  $max: maxLeaf,
  $currentDate: currentDateLeaf,
  $bit: bitLeaf,
  $push: pushLeaf,
  $addToSet: addToSetLeaf,
  $pop: popLeaf,
  $pull: pullLeaf,
  $pullAll: pullAllLeaf,
}

interface Change {
  parts: string[]
  onInsertOnly: boolean
  apply: (doc: Doc, context: PathContext) => void
}

/** Compiles an update by operators. @throws FailedToParse (9), ConflictingUpdateOperators (40) and others */
export function compileOperators(
  update: Doc,
  arrayFilters: readonly Value[],
  variables: Variables | undefined,
): Updater {
  const filters = readArrayFilters(arrayFilters, variables)
  const changes: Change[] = []
  for (const [name, fields] of update) changes.push(...operatorChanges(name, fields, variables))
  checkFilters(changes, filters)
  checkConflicts(changes)
  changes.sort((a, b) => comparePaths(a.parts, b.parts))
  return (doc, { positional, inserting }) => {
    const id = doc.get('_id')
    const context = { positional, filters }
    for (const change of changes) if (inserting || !change.onInsertOnly) change.apply(doc, context)
    const after = doc.get('_id')
    if (id !== undefined && (after === undefined || !equal(id, after))) {
      throw mongoError(
        'ImmutableField',
        "Performing an update on the path '_id' would modify the immutable field '_id'",
      )
    }
    return doc
  }
}

function operatorChanges(name: string, fields: Value, variables: Variables | undefined): Change[] {
  if (name !== '$rename' && !Object.hasOwn(LEAVES, name)) {
    throw mongoError(
      'FailedToParse',
      `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
    )
  }
  if (!isDoc(fields)) {
    throw mongoError(
      'FailedToParse',
      `Modifiers operate on fields but we found type ${typeof fields} instead. For example: {$mod: {<field>: ...}} not {${name}: ${showValue(fields)}}`,
    )
  }
  return [...fields].flatMap(([path, operand]) =>
    name === '$rename' ? renameChanges(path, operand) : [leafChange(name, path, { operand, variables })],
  )
}

interface LeafOperand {
  operand: Value
  variables: Variables | undefined
}

function leafChange(name: string, path: string, { operand, variables }: LeafOperand): Change {
  const parts = splitPath(path)
  const leaf: Leaf = LEAVES[name]!(operand, path, variables)
  return {
    parts,
    onInsertOnly: name === '$setOnInsert',
    apply(doc, context) {
      for (const concrete of concretePaths(doc, parts, context)) applyAt(doc, concrete, leaf)
    },
  }
}

function splitPath(path: string): string[] {
  const parts = path.split('.')
  if (path === '') throw mongoError('EmptyFieldName', 'An empty update path is not valid.')
  if (parts.includes(''))
    throw mongoError(
      'EmptyFieldName',
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    )
  if (parts[0]!.startsWith('$')) {
    throw mongoError(
      'DollarPrefixedFieldName',
      `The dollar ($) prefixed field '${parts[0]}' in '${path}' is not allowed in the context of an update's replacement document.`,
    )
  }
  for (const part of parts) {
    if (part.startsWith('$') && part !== '$' && !/^\$\[\w*\]$/.test(part)) {
      throw mongoError(
        'DollarPrefixedFieldName',
        `The dollar ($) prefixed field '${part}' in '${path}' is not valid for storage.`,
      )
    }
  }
  return parts
}

function renameChanges(from: string, to: Value): Change[] {
  if (typeof to !== 'string')
    throw mongoError('BadValue', `The 'to' field for $rename must be a string: ${from}: ${showValue(to)}`)
  const source = splitPath(from)
  const target = splitPath(to)
  for (const [role, parts] of [
    ['source', source],
    ['destination', target],
  ] as const) {
    if (parts.some((part) => part.startsWith('$'))) {
      throw mongoError('BadValue', `The ${role} field for $rename may not be dynamic: ${parts.join('.')}`)
    }
  }
  if (from === to)
    throw mongoError('BadValue', `The source and target field for $rename must differ: ${from}: "${to}"`)
  const apply = (doc: Doc): void => {
    refuseArrays(doc, source, 'source')
    const value = valueAt(doc, from)
    if (value === undefined) return
    refuseArrays(doc, target, 'destination')
    applyAt(doc, source, { creates: false, apply: () => UNSET })
    applyAt(doc, target, { creates: true, apply: () => value })
  }
  return [
    { parts: target, onInsertOnly: false, apply },
    { parts: source, onInsertOnly: false, apply: () => {} },
  ]
}

function refuseArrays(doc: Doc, parts: readonly string[], role: string): void {
  for (let end = 1; end < parts.length; end++) {
    if (Array.isArray(valueAt(doc, parts.slice(0, end).join('.')))) {
      throw mongoError(
        'BadValue',
        `The ${role} field cannot be an array element, '${parts.join('.')}' in doc`,
      )
    }
  }
}

function checkConflicts(changes: readonly Change[]): void {
  const paths = changes.map(({ parts }) => parts.join('.')).sort()
  for (let i = 1; i < paths.length; i++) {
    const [a, b] = [paths[i - 1]!, paths[i]!]
    if (a === b || b.startsWith(`${a}.`)) {
      throw mongoError(
        'ConflictingUpdateOperators',
        `Updating the path '${b}' would create a conflict at '${a}'`,
      )
    }
  }
  const all = new Set(paths)
  for (const path of paths) {
    for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
      const prefix = path.slice(0, dot)
      if (all.has(prefix))
        throw mongoError(
          'ConflictingUpdateOperators',
          `Updating the path '${path}' would create a conflict at '${prefix}'`,
        )
    }
  }
}

type ArrayFilters = Map<string, (element: Value) => boolean>

function readArrayFilters(given: readonly Value[], variables: Variables | undefined): ArrayFilters {
  const filters: ArrayFilters = new Map()
  for (const filter of given) {
    if (!isDoc(filter)) throw mongoError('TypeMismatch', 'Array filter must be an object')
    const identifier = identifierOf(filter)
    if (filters.has(identifier)) {
      throw mongoError(
        'FailedToParse',
        `Found multiple array filters with the same top-level field name ${identifier}`,
      )
    }
    const matches = compileFilter(filter, variables)
    filters.set(identifier, (element) => matches(new Map([[identifier, element]])))
  }
  return filters
}

function identifierOf(filter: Doc): string {
  const names = new Set<string>()
  collectNames(filter, names)
  const [name] = names
  if (name === undefined)
    throw mongoError(
      'FailedToParse',
      'Cannot use an expression without a top-level field name in arrayFilters',
    )
  if (names.size > 1)
    throw mongoError(
      'FailedToParse',
      `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${[...names].join("' and '")}'`,
    )
  if (!/^[a-z]\w*$/.test(name))
    throw mongoError(
      'BadValue',
      `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
    )
  return name
}

function collectNames(filter: Doc, names: Set<string>): void {
  for (const [name, value] of filter) {
    if (!name.startsWith('$')) names.add(name.split('.', 1)[0]!)
    else if (Array.isArray(value)) for (const part of value) if (isDoc(part)) collectNames(part, names)
  }
}

function checkFilters(changes: readonly Change[], filters: ArrayFilters): void {
  const used = new Set<string>()
  for (const { parts } of changes) {
    for (const part of parts) {
      const name = /^\$\[(\w+)\]$/.exec(part)?.[1]
      if (!name) continue
      used.add(name)
      if (!filters.has(name))
        throw mongoError(
          'BadValue',
          `No array filter found for identifier '${name}' in path '${parts.join('.')}'`,
        )
    }
  }
  for (const name of filters.keys()) {
    if (!used.has(name))
      throw mongoError(
        'FailedToParse',
        `The array filter for identifier '${name}' was not used in the update { }`,
      )
  }
}
