/** Names as Go's canonical form writes them: `content-type` → `Content-Type`. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase())
}

/**
 * Headers as an object whose members are found in any case. Names are lower case, or canonical for scripts of the
 * original; a name that comes several times has its values joined by commas, or only the first (`first`).
 */
export function headerBag(
  pairs: readonly (readonly [string, string])[],
  options: { canonical: boolean; first: boolean },
): Record<string, string> {
  const bag: Record<string, string> = {}
  const names = new Map<string, string>()
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase()
    const shown = options.canonical ? canonicalName(name) : lower
    names.set(lower, shown)
    if (!Object.hasOwn(bag, shown)) bag[shown] = value
    else if (!options.first) bag[shown] += `, ${value}`
  }
  const actual = (key: string | symbol): string | symbol =>
    typeof key === 'string' ? (names.get(key.toLowerCase()) ?? key) : key
  return new Proxy(bag, {
    get: (target, key) => Reflect.get(target, actual(key)) as unknown,
    has: (target, key) => Reflect.has(target, actual(key)),
    getOwnPropertyDescriptor: (target, key) => Reflect.getOwnPropertyDescriptor(target, actual(key)),
  })
}
