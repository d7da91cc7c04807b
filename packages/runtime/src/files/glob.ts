/**
 * Whether a path fits a pattern: `*` and `?` within a name, `[a-z]`, `{a,b}`, and `**` for any number of folders.
 * Takes time by length of path times length of pattern, never more, whatever the pattern.
 */
export function createGlob(pattern: string): (path: string) => boolean {
  const variants = expandBraces(pattern.replace(/^\/+/, '')).map((variant) =>
    variant.split('/').filter(Boolean),
  )
  return (path) => {
    const names = path.split('/').filter(Boolean)
    return variants.some((parts) => fits(names, parts))
  }
}

const MAX_VARIANTS = 100

function expandBraces(pattern: string): string[] {
  const done: string[] = []
  const open = [pattern]
  while (open.length > 0 && done.length < MAX_VARIANTS) {
    const next = open.pop()!
    const match = /\{([^{}]*)\}/.exec(next)
    if (!match || open.length > MAX_VARIANTS) done.push(next)
    else {
      for (const choice of match[1]!.split(',').toReversed()) {
        open.push(next.slice(0, match.index) + choice + next.slice(match.index + match[0].length))
      }
    }
  }
  return done
}

/** Reached places in the pattern, name by name: `**` may stay where it is. */
function fits(names: readonly string[], parts: readonly string[]): boolean {
  let reached = skipDeep(new Set([0]), parts)
  for (const name of names) {
    const next = new Set<number>()
    for (const at of reached) {
      if (parts[at] === '**') next.add(at)
      else if (at < parts.length && fitsName(name, parts[at]!)) next.add(at + 1)
    }
    if (next.size === 0) return false
    reached = skipDeep(next, parts)
  }
  return reached.has(parts.length)
}

function skipDeep(reached: Set<number>, parts: readonly string[]): Set<number> {
  for (const at of reached) if (parts[at] === '**') reached.add(at + 1)
  return reached
}

/** One name against one part, by the method of two marks: back to the last `*` at a failure. */
function fitsName(name: string, part: string): boolean {
  const tokens = Array.from(part.matchAll(/\[(?:!|\^)?[^\]]+\]|[\s\S]/gu), (match) => match[0])
  const chars = Array.from(name)
  let at = 0
  let token = 0
  let starToken = -1
  let starAt = 0
  while (at < chars.length) {
    if (tokens[token] === '*') {
      starToken = token++
      starAt = at
    } else if (token < tokens.length && fitsChar(chars[at]!, tokens[token]!)) {
      at += 1
      token += 1
    } else if (starToken >= 0) {
      token = starToken + 1
      at = ++starAt
    } else return false
  }
  while (tokens[token] === '*') token += 1
  return token === tokens.length
}

function fitsChar(char: string, token: string): boolean {
  if (token === '?') return true
  if (token.length < 3 || token[0] !== '[') return token === char
  const negated = token[1] === '!' || token[1] === '^'
  const set = token.slice(negated ? 2 : 1, -1)
  const found = Array.from(set.matchAll(/([\s\S])-([\s\S])|[\s\S]/gu)).some(([all, low, high]) =>
    low === undefined ? all === char : char >= low && char <= high!,
  )
  return found !== negated
}
