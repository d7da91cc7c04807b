// Regular expressions as scripts of the original wrote them (Go's RE2 syntax), run by the isolate's own engine.

/** A pattern of RE2 as a RegExp with the flags `g` and `u`; null when it is not valid. */
export function regexOf(pattern: string): RegExp | null {
  const { flags, source } = leadingFlags(translate(pattern))
  for (const unicode of ['u', '']) {
    try {
      return new RegExp(source, `g${unicode}${flags}`)
    } catch {
      // Escapes that only the lax form knows (`\-` outside of a class): try that one too.
    }
  }
  return null
}

const CLASSES: Record<string, string> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: '0-9A-Za-z',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\t\\n\\v\\f\\r ',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
  word: '0-9A-Za-z_',
  blank: '\\t ',
}

function translate(pattern: string): string {
  return pattern
    .replace(/\(\?P</g, '(?<')
    .replace(/\[:(\w+):\]/g, (all, name: string) =>
      Object.hasOwn(CLASSES, name) ? CLASSES[name]! : (all as string),
    )
    .replace(/\\A/g, '^')
    .replace(/\\z/g, '$')
}

/** `(?i)` and its kin at the very beginning, the only place where they have no form of ours. */
function leadingFlags(pattern: string): { flags: string; source: string } {
  const match = /^\(\?([ims]+)\)/.exec(pattern)
  return match
    ? { flags: [...new Set(match[1])].join(''), source: pattern.slice(match[0].length) }
    : { flags: '', source: pattern }
}

/** Every match, in order; none for a pattern that is not valid. */
export function matchAll(text: string, pattern: string): string[] {
  const regex = regexOf(pattern)
  return regex ? Array.from(text.matchAll(regex), (match) => match[0]) : []
}

/** Every match replaced; `$1`, `${1}`, `$name`, `${name}` and `$$` as in Go's Regexp.Expand. The text itself for an invalid pattern. */
export function replaceAll(text: string, pattern: string, replacement: string): string {
  const regex = regexOf(pattern)
  if (!regex) return text
  let out = ''
  let at = 0
  for (const match of text.matchAll(regex)) {
    out += text.slice(at, match.index) + expand(replacement, match)
    at = match.index + match[0].length
  }
  return out + text.slice(at)
}

function expand(template: string, match: RegExpExecArray): string {
  return template.replace(/\$(?:(\$)|(\w+)|\{(\w+)\})/g, (_all, dollar, plain, braced) => {
    if (dollar) return '$'
    const name = (plain ?? braced) as string
    return (/^\d+$/.test(name) ? match[Number(name)] : match.groups?.[name]) ?? ''
  })
}
