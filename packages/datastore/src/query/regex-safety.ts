// Keeps clients' patterns from stalling the server. V8 has a second engine that is linear in the text; our process
// lets the first one fall back on it after 50,000 backtracks (process/supervise.ts). It knows neither the flag `i`
// nor counted repetition, so these are written out; what it still cannot take must be harmless as it is.

/** Longer counts are not written out. */
const MAX_WRITTEN_OUT = 64

/** One part of a pattern: an atom with what follows it, or a sign of its own. */
const TOKEN =
  /\\(?:[pPu]\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|k<[^>]*>|[\s\S])|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\(\?(?:<[=!]|<\w+>|[:=!])|\{\d+(?:,\d*)?\}|[\s\S]/g

/** The pattern without `i`: every letter as both of its cases. */
export function withoutCase(source: string): string {
  return tokens(source)
    .map((token) => {
      if (token.startsWith('[')) return caselessClass(token)
      return token.length === 1 ? bothCases(token, true) : token
    })
    .join('')
}

function tokens(source: string): string[] {
  return source.match(TOKEN) ?? []
}

function bothCases(letter: string, bracket: boolean): string {
  const [lower, upper] = [letter.toLowerCase(), letter.toUpperCase()]
  if (lower === upper || lower.length !== 1 || upper.length !== 1) return letter
  return bracket ? `[${lower}${upper}]` : lower + upper
}

/** `[a-z_]` → `[a-zA-Z_]`; ranges of letters of one case get their other one. */
function caselessClass(token: string): string {
  const negated = token.startsWith('[^')
  const inner = token.slice(negated ? 2 : 1, -1)
  const parts = inner.match(/\\[\s\S]|[^\\]-[^\\]|[\s\S]/g) ?? []
  const both = parts.map((part) => {
    if (part.length === 1) return bothCases(part, false)
    const range = /^([a-z])-([a-z])$|^([A-Z])-([A-Z])$/.exec(part)
    if (!range) return part
    return `${part}${part === part.toLowerCase() ? part.toUpperCase() : part.toLowerCase()}`
  })
  return `[${negated ? '^' : ''}${both.join('')}]`
}

/** The pattern with `a{2,4}` written as `aa(?:a(?:a)?)?`, where the atom is a single character or class. */
export function writtenOut(source: string): string {
  const list = tokens(source)
  for (let i = 1; i < list.length; i++) {
    const count = /^\{(\d+)(,?)(\d*)\}$/.exec(list[i]!)
    if (!count || !isAtom(list[i - 1]!)) continue
    const least = Number(count[1])
    const most = count[2] === '' ? least : count[3] === '' ? Infinity : Number(count[3])
    if (least > MAX_WRITTEN_OUT || (most !== Infinity && most > MAX_WRITTEN_OUT) || list[i + 1] === '?')
      continue
    list[i] = ''
    list[i - 1] = repeated(list[i - 1]!, least, most)
  }
  return list.join('')
}

function isAtom(token: string): boolean {
  return (
    !/^[()|^$*+?{}]$/.test(token) &&
    !token.startsWith('(') &&
    !token.startsWith('{') &&
    token !== '\\b' &&
    token !== '\\B'
  )
}

function repeated(atom: string, least: number, most: number): string {
  const head = atom.repeat(least)
  if (most === Infinity) return `${head}${atom}*`
  let tail = ''
  for (let i = least; i < most; i++) tail = `(?:${atom}${tail})?`
  return head + tail
}

/** Whether the linear engine takes the pattern; null where this process has none. */
export function isLinear(source: string, flags: string): boolean | null {
  if (!hasEngine()) return null
  try {
    // oxlint-disable-next-line no-new -- only its compilation is wanted
    new RegExp(source, `${flags}l`)
    return true
  } catch {
    return false
  }
}

let engine: boolean | null = null

function hasEngine(): boolean {
  if (engine !== null) return engine
  try {
    // oxlint-disable-next-line no-invalid-regexp -- the flag of V8's linear engine, unknown elsewhere
    engine = new RegExp('a', 'l') instanceof RegExp
  } catch {
    engine = false
  }
  return engine
}

/** At most one repetition cannot explode: the worst it does is to begin anew at each character. */
export function isHarmless(source: string): boolean {
  const repetitions = tokens(source).filter((token) => /^(?:[*+]|\{\d+(?:,\d*)?\})$/.test(token))
  return repetitions.length <= 1
}
