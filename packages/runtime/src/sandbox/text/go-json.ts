const ESCAPED: Record<string, string> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/**
 * JSON as Go's encoding/json writes it, which scripts of the original compare and sign: keys sorted by their UTF-8,
 * `<`, `>`, `&` and the line separators escaped, nothing for functions.
 * @throws TypeError for a cycle or a BigInt.
 */
export function goJson(value: unknown): string {
  return (written(value, new Set()) ?? 'null').replace(/[<>&\u2028\u2029]/g, (char) => ESCAPED[char]!)
}

function written(value: unknown, above: Set<object>): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) as string | undefined
  const toJson = (value as { toJSON?: unknown }).toJSON
  if (typeof toJson === 'function') return written((value as { toJSON(): unknown }).toJSON(), above)
  if (above.has(value)) throw new TypeError('The value holds itself.')
  above.add(value)
  const text = Array.isArray(value)
    ? `[${value.map((item) => written(item, above) ?? 'null').join(',')}]`
    : `{${members(value, above).join(',')}}`
  above.delete(value)
  return text
}

function members(value: object, above: Set<object>): string[] {
  return Object.keys(value)
    .sort(byCodePoint)
    .flatMap((key) => {
      const text = written((value as Record<string, unknown>)[key], above)
      return text === undefined ? [] : [`${JSON.stringify(key)}:${text}`]
    })
}

/** UTF-8 order is code point order, which differs from that of UTF-16 units above U+FFFF. */
function byCodePoint(a: string, b: string): number {
  const x = Array.from(a)
  const y = Array.from(b)
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] !== y[i]) return x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!
  }
  return x.length - y.length
}
