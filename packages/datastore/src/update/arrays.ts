import { compareDocuments, createSorter } from '../query/sort.ts'
// The operators on arrays.
import { optionNumber, toNumber } from '../bson/number.ts'
import type { Comparison } from '../bson/comparison.ts'
import { showValue } from '../bson/show.ts'
import { isDoc, isNumber, Regex, typeName, type Doc, type Maybe, type Value } from '../bson/value.ts'
import { compileValueTest, elementTest } from '../query/match.ts'
import { comparisonOf, type Variables } from '../expression/scope.ts'
import { isOperators } from '../query/operators.ts'
import { mongoError } from '../server/mongo-error.ts'
import { copy, type LeafMaker } from './fields.ts'
import { KEEP } from './paths.ts'

function listOf(current: Maybe, path: string): Value[] {
  if (current === undefined) return []
  if (Array.isArray(current)) return current
  throw mongoError(
    'BadValue',
    `The field '${path}' must be an array but is of type ${typeName(current)} in document`,
  )
}

interface Push {
  items: Value[]
  position: number | null
  slice: number | null
  sort: ((a: Value, b: Value) => number) | null
}

export const pushLeaf: LeafMaker = (operand, path, variables) => {
  const push = readPush(operand, comparisonOf(variables))
  return {
    creates: true,
    apply(current) {
      const list = [...listOf(current, path)]
      const items = push.items.map(copy)
      if (push.position === null) list.push(...items)
      else
        list.splice(push.position < 0 ? Math.max(0, list.length + push.position) : push.position, 0, ...items)
      if (push.sort) list.sort(push.sort)
      if (push.slice === null) return list
      return push.slice < 0 ? list.slice(push.slice) : list.slice(0, push.slice)
    },
  }
}

function readPush(operand: Value, order: Comparison): Push {
  if (!isDoc(operand) || !operand.has('$each'))
    return { items: [operand], position: null, slice: null, sort: null }
  for (const name of operand.keys()) {
    if (!['$each', '$position', '$slice', '$sort'].includes(name)) {
      throw mongoError('BadValue', `Unrecognized clause in $push: ${name}`)
    }
  }
  return {
    items: eachOf(operand, '$push'),
    position: wholeNumber(operand, '$position'),
    slice: wholeNumber(operand, '$slice'),
    sort: operand.has('$sort') ? readPushSort(operand.get('$sort')!, order) : null,
  }
}

function eachOf(operand: Doc, name: string): Value[] {
  const each = operand.get('$each')
  if (!Array.isArray(each))
    throw mongoError(
      name === '$push' ? 'BadValue' : 'TypeMismatch',
      `The argument to $each in ${name} must be an array but it was of type: ${typeName(each)}`,
    )
  return each
}

function wholeNumber(operand: Doc, name: string): number | null {
  const value = operand.get(name)
  if (value === undefined) return null
  const number = optionNumber(value)
  if (number === null || !isNumber(value) || toNumber(value) !== number) {
    throw mongoError(
      'BadValue',
      `The value for ${name} must be an integer value but was given type: ${typeName(value)}`,
    )
  }
  return number
}

function readPushSort(sort: Value, order: Comparison): (a: Value, b: Value) => number {
  if (isNumber(sort)) {
    const direction = toNumber(sort)
    if (direction !== 1 && direction !== -1)
      throw mongoError('BadValue', 'The $sort element value must be either 1 or -1')
    return (a, b) => direction * order.compare(a, b)
  }
  if (!isDoc(sort) || sort.size === 0) {
    throw mongoError(
      'BadValue',
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    )
  }
  const fields = [...sort].map(([path, direction]) => ({
    path,
    descending: isNumber(direction) && toNumber(direction) < 0,
  }))
  return compareDocuments(createSorter(fields, order))
}

export const addToSetLeaf: LeafMaker = (operand, path, variables) => {
  const each = isDoc(operand) && operand.has('$each')
  if (each && (operand as Doc).size > 1) {
    throw mongoError('BadValue', `Found unexpected fields after $each in $addToSet: ${showValue(operand)}`)
  }
  const items = each ? eachOf(operand as Doc, '$addToSet') : [operand]
  return {
    creates: true,
    apply(current) {
      const list = [...listOf(current, path)]
      const identity = comparisonOf(variables).identities()
      const known = new Set(list.map(identity))
      const before = list.length
      for (const item of items) {
        const key = identity(item)
        if (known.has(key)) continue
        known.add(key)
        list.push(copy(item))
      }
      return current !== undefined && list.length === before ? KEEP : list
    },
  }
}

export const popLeaf: LeafMaker = (operand, path) => {
  const end = isNumber(operand) ? toNumber(operand) : NaN
  if (end !== 1 && end !== -1)
    throw mongoError('FailedToParse', `$pop expects 1 or -1, found: ${showValue(operand)}`)
  return {
    creates: false,
    apply(current) {
      if (!Array.isArray(current)) {
        throw mongoError(
          'TypeMismatch',
          `Path '${path}' contains an element of non-array type '${typeName(current)}'`,
        )
      }
      return end === 1 ? current.slice(0, -1) : current.slice(1)
    },
  }
}

/** A document is a condition on elements, anything else (but a regex) is looked for itself. */
export const pullLeaf: LeafMaker = (operand, _path, variables) => {
  const hit = pullTest(operand, variables)
  return {
    creates: false,
    apply(current) {
      if (!Array.isArray(current)) throw mongoError('BadValue', 'Cannot apply $pull to a non-array value')
      const rest = current.filter((item) => !hit(item))
      return rest.length === current.length ? KEEP : rest
    },
  }
}

function pullTest(operand: Value, variables: Variables | undefined): (item: Value) => boolean {
  if (operand instanceof Regex) return compileValueTest(new Map([['$regex', operand]]))
  if (!isDoc(operand)) return (item) => comparisonOf(variables).equal(item, operand)
  if (isOperators(operand)) return elementTest(operand, variables)
  const test = elementTest(operand, variables)
  return (item) => isDoc(item) && test(item)
}

export const pullAllLeaf: LeafMaker = (operand, _path, variables) => {
  const { equal } = comparisonOf(variables)
  if (!Array.isArray(operand))
    throw mongoError('BadValue', `$pullAll requires an array argument but was given a ${typeName(operand)}`)
  return {
    creates: false,
    apply(current) {
      if (!Array.isArray(current)) throw mongoError('BadValue', 'Cannot apply $pullAll to a non-array value')
      const rest = current.filter((item) => !operand.some((unwanted) => equal(item, unwanted)))
      return rest.length === current.length ? KEEP : rest
    },
  }
}
