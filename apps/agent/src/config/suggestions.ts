import { configSchema, type ConfigValues } from './config.schema.ts'

/** The keys that exist below `path`. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  let node: unknown = configSchema.parse({ server: { tls: { cert: '-', key: '-' } } })
  if (path.length === 0) return Object.keys(configSchema.shape)
  if (path.length === 1)
    return Object.keys(configSchema.shape[path[0] as keyof ConfigValues].def.innerType.shape)
  for (const key of path) node = (node as Record<PropertyKey, unknown>)[key]
  return Object.keys(node as object)
}

/** The known key that differs least, when it is near enough to be what was meant (also `worker_pool_size`). */
export function nearest(name: string, known: readonly string[]): string | null {
  const plain = (text: string) => text.replaceAll(/[-_]/g, '').toLowerCase()
  const scored = known
    .map((key) => ({ key, far: distance(plain(name), plain(key)) }))
    .sort((a, b) => a.far - b.far)
  const best = scored[0]
  return best && best.far <= Math.ceil(name.length / 2.5) ? best.key : null
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]!
}
