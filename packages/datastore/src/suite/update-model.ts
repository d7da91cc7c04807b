// A slow, plain model of update operators on small documents, written from MongoDB's manual and not from our code.

export type ModelValue = number | number[] | { [field: string]: number }
export type ModelDoc = { [field: string]: ModelValue }
type Operand = unknown

/** What a model's update comes to: the document afterwards, or the code of the error. */
type ModelResult = ModelDoc | number

const PATH_NOT_VIABLE = 28
const TYPE_MISMATCH = 14
const BAD_VALUE = 2

class ModelError extends Error {
  readonly code: number
  constructor(code: number) {
    super(`code ${code}`)
    this.code = code
  }
}

/** Applies `{ $op: { path: operand } }`; paths are `a` or `a.x`, none of them twice. */
export function modelUpdate(doc: ModelDoc, update: Record<string, Record<string, Operand>>): ModelResult {
  const changes = Object.entries(update).flatMap(([operator, fields]) =>
    Object.entries(fields).map(([path, operand]) => ({ operator, path, operand })),
  )
  // fields that are new are added in the order of their names
  changes.sort((a, b) => (a.path < b.path ? -1 : 1))
  const after = structuredClone(doc)
  try {
    for (const { operator, path, operand } of changes) change(after, path.split('.'), { operator, operand })
  } catch (error) {
    if (error instanceof ModelError) return error.code
    throw error
  }
  return after
}

interface Step {
  operator: string
  operand: Operand
}

function change(doc: ModelDoc, [top, below]: string[], step: Step): void {
  if (below === undefined) return leaf(doc as Record<string, unknown>, top!, step)
  const child = doc[top!]
  const removes = ['$unset', '$pop', '$pull', '$pullAll'].includes(step.operator)
  if (child === undefined) {
    if (removes) return
    const made: Record<string, unknown> = {}
    leaf(made, below, step)
    doc[top!] = made as ModelDoc[string] & {}
    return
  }
  // a number has no fields, an array no fields that are no numbers
  if (typeof child === 'number' || Array.isArray(child)) {
    if (removes) return
    throw new ModelError(PATH_NOT_VIABLE)
  }
  leaf(child as Record<string, unknown>, below, step)
}

function leaf(holder: Record<string, unknown>, name: string, { operator, operand }: Step): void {
  const had = holder[name]
  switch (operator) {
    case '$set':
      holder[name] = structuredClone(operand)
      return
    case '$unset':
      delete holder[name]
      return
    case '$inc':
    case '$mul':
      holder[name] = arithmetic(operator, had, operand as number)
      return
    case '$min':
    case '$max':
      if (had === undefined || better(operator, operand as number, had)) holder[name] = operand
      return
    case '$bit':
      if (had !== undefined && typeof had !== 'number') throw new ModelError(BAD_VALUE)
      holder[name] = ((had as number | undefined) ?? 0) ^ (operand as { xor: number }).xor
      return
    default:
      arrayLeaf(holder, name, { operator, operand })
  }
}

function arithmetic(operator: string, had: unknown, by: number): number {
  if (had === undefined) return operator === '$inc' ? by : 0
  if (typeof had !== 'number') throw new ModelError(TYPE_MISMATCH)
  return operator === '$inc' ? had + by : had * by
}

/** Numbers sort before documents, and those before arrays. */
function better(operator: string, operand: number, had: unknown): boolean {
  if (typeof had !== 'number') return operator === '$min'
  return operator === '$min' ? operand < had : operand > had
}

interface Push {
  $each: number[]
  $position?: number
  $slice?: number
  $sort?: 1 | -1
}

function arrayLeaf(holder: Record<string, unknown>, name: string, { operator, operand }: Step): void {
  const had = holder[name]
  const creates = operator === '$push' || operator === '$addToSet'
  if (had === undefined && !creates) return
  if (had !== undefined && !Array.isArray(had))
    throw new ModelError(operator === '$pop' ? TYPE_MISMATCH : BAD_VALUE)
  const list = (had as number[] | undefined) ?? []
  holder[name] = changedList(list, operator, operand)
}

function changedList(list: number[], operator: string, operand: Operand): number[] {
  switch (operator) {
    case '$push':
      return pushed(list, operand as Push)
    case '$addToSet':
      return (operand as Push).$each.reduce((set, item) => (set.includes(item) ? set : [...set, item]), list)
    case '$pop':
      return operand === 1 ? list.slice(0, -1) : list.slice(1)
    case '$pullAll':
      return list.filter((item) => !(operand as number[]).includes(item))
    case '$pull':
      return list.filter((item) => !(item > (operand as { $gt: number }).$gt))
    default:
      throw new Error(`the model has no ${operator}`)
  }
}

function pushed(list: number[], { $each, $position, $slice, $sort }: Push): number[] {
  const at =
    $position === undefined ? list.length : $position < 0 ? Math.max(0, list.length + $position) : $position
  const longer = [...list.slice(0, at), ...$each, ...list.slice(at)]
  if ($sort !== undefined) longer.sort((a, b) => $sort * (a - b))
  if ($slice === undefined) return longer
  return $slice < 0 ? longer.slice($slice) : longer.slice(0, $slice)
}
