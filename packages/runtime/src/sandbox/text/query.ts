import { setMember } from './problem.ts'

/** Percent signs and hex for every byte but letters, digits and `-_.~` (RFC 3986 §2.3). @throws URIError for a lone surrogate. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** @throws URIError for what is malformed. */
export function percentDecode(text: string, plusIsBlank: boolean): string {
  return decodeURIComponent(plusIsBlank ? text.replace(/\+/g, ' ') : text)
}

/** Members of a query; those that repeat are lists. @throws URIError for what is malformed. */
export function parseQuery(text: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {}
  for (const pair of text.replace(/^\?/, '').split('&')) {
    if (pair === '') continue
    const at = pair.indexOf('=')
    const key = percentDecode(at < 0 ? pair : pair.slice(0, at), true)
    const value = at < 0 ? '' : percentDecode(pair.slice(at + 1), true)
    const there = Object.hasOwn(query, key) ? query[key]! : null
    if (there === null) setMember(query, key, value)
    else if (Array.isArray(there)) there.push(value)
    else setMember(query, key, [there, value])
  }
  return query
}

/** A query without `?`; lists repeat their key, nothing is left out of it. */
export function stringifyQuery(query: Record<string, unknown>): string {
  const pairs: string[] = []
  for (const [key, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (item === undefined || item === null) continue
      const text =
        item instanceof Date
          ? item.toISOString()
          : typeof item === 'object'
            ? JSON.stringify(item)
            : String(item)
      pairs.push(`${percentEncode(key)}=${percentEncode(text)}`)
    }
  }
  return pairs.join('&')
}
