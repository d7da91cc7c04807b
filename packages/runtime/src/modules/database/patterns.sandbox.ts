// Regular expressions in filters, as the drivers of MongoDB take them: they become the operator that says the same.

/** Deeper than any filter that is taken (the engine says so itself). */
const MAX_DEPTH = 20

/** The filter with `{ $regex, $options }` for each regular expression that is a value; the same object where there is none. */
export function withPatterns<T>(filter: T): T {
  return spelledOut(filter, 0) as T
}

function spelledOut(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value
  if (value instanceof RegExp) return operatorOf(value)
  if (Array.isArray(value)) {
    const list = value.map((item) => spelledOut(item, depth + 1))
    return list.some((item, i) => item !== value[i]) ? list : value
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
    ? members(value as Record<string, unknown>, depth)
    : value
}

function members(filter: Record<string, unknown>, depth: number): Record<string, unknown> {
  let copy: Record<string, unknown> | null = null
  for (const [key, value] of Object.entries(filter)) {
    const said = spelledOut(value, depth + 1)
    if (said === value) continue
    copy ??= { ...filter }
    // `{ $regex: /x/i }` says it twice.
    if (key === '$regex' && value instanceof RegExp) Object.assign(copy, said)
    else copy[key] = said
  }
  return copy ?? filter
}

/** `g` and `y` say nothing of whether there is a match; flags that the database does not know are refused there by name. */
function operatorOf({ source, flags }: RegExp): Record<string, string> {
  const options = flags.replace(/[gyduv]/g, '')
  return { $regex: source, ...(options !== '' && { $options: options }) }
}
