import { storageErrors } from './storage.errors.ts'

/** Length of a pattern; `**` in one. */
const MAX_PATTERN = 300
const MAX_GLOBSTARS = 8

/**
 * A test for paths: `*` any characters of one name, `?` one, `[abc]` one of these, `**` any folders. Matched
 * name by name, in time bounded by the lengths; a pattern names nothing outside the storage, for it is only
 * held against paths inside. @throws STORAGE_PATH
 */
export function compileGlob(pattern: string): (path: string) => boolean {
  if (typeof pattern !== 'string' || pattern === '' || pattern.length > MAX_PATTERN) {
    throw refused(String(pattern), `a pattern has 1 to ${MAX_PATTERN} characters`)
  }
  const parts = pattern.normalize('NFC').split('/')
  if (pattern.startsWith('/') || parts.includes('..'))
    throw refused(pattern, 'a pattern is relative and has no ".."')
  if (parts.filter((part) => part === '**').length > MAX_GLOBSTARS)
    throw refused(pattern, `it has more than ${MAX_GLOBSTARS} "**"`)
  return (path) => matchParts(parts, path.split('/'))
}

/** Which beginnings of the pattern fit the names read so far: no going back, whatever the pattern. */
function matchParts(parts: readonly string[], names: readonly string[]): boolean {
  let open = closure(new Set([0]), parts)
  for (const name of names) {
    const next = new Set<number>()
    for (const at of open) {
      if (parts[at] === '**') next.add(at)
      else if (at < parts.length && matchName(parts[at]!, name)) next.add(at + 1)
    }
    open = closure(next, parts)
  }
  return open.has(parts.length)
}

function closure(open: Set<number>, parts: readonly string[]): Set<number> {
  for (const at of open) if (parts[at] === '**') open.add(at + 1)
  return open
}

function matchName(part: string, name: string): boolean {
  let [p, n, star, mark] = [0, 0, -1, 0]
  while (n < name.length) {
    const step = matchOne(part, p, name[n]!)
    if (part[p] === '*') {
      star = p
      mark = n
      p += 1
    } else if (step > 0) {
      p += step
      n += 1
    } else if (star >= 0) {
      p = star + 1
      mark += 1
      n = mark
    } else return false
  }
  while (part[p] === '*') p += 1
  return p === part.length
}

/** How much of the pattern one character uses up; 0 when it does not fit. */
function matchOne(part: string, at: number, char: string): number {
  const sign = part[at]
  if (sign === '?') return 1
  if (sign === '[') {
    const end = part.indexOf(']', at + 1)
    if (end > at) return part.slice(at + 1, end).includes(char) ? end - at + 1 : 0
  }
  return sign === char ? 1 : 0
}

function refused(path: string, problem: string) {
  return storageErrors.STORAGE_PATH({ path: path.slice(0, 200), problem })
}
