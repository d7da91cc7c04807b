/**
 * True when lists and objects in it are nested deeper than `most`. Asked before anything that walks by calling
 * itself (a schema, BSON): ten thousand levels end such a walk with a stack overflow. Itself it does not.
 */
export function isNestedDeeper(value: unknown, most: number): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
  }
  return false
}
