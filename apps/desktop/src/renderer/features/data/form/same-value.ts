/** Whether two JSON values are the same; absent and null are. Pure. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (isNone(a) || isNone(b)) return isNone(a) && isNone(b)
  if (typeof a !== 'object' || typeof b !== 'object') return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [mine, theirs] = [Object.entries(a as object), b as Record<string, unknown>]
  return (
    mine.length === Object.keys(theirs).length &&
    mine.every(([key, value]) => key in theirs && sameValue(value, theirs[key]))
  )
}

const isNone = (value: unknown): value is null | undefined => value === null || value === undefined
