import { messageOf } from '@m3m/base'
import { locationError } from '../server/mongo-error.ts'
import { isHarmless, isLinear, withoutCase, writtenOut } from './regex-safety.ts'

/** MongoDB's flags of a regular expression (manual, "$regex", options). */
const FLAGS = 'imsxu'

/** POSIX classes, which PCRE has and JavaScript has not. */
const POSIX: Record<string, string> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9a-fA-F',
  word: '\\w',
}

const cache = new Map<string, RegExp>()

/**
 * Translates the subset of PCRE that JavaScript shares, in a form that cannot stall the server
 * (regex-safety.ts); what has none is refused.
 *
 * @throws `code` (51091) for a pattern that is invalid or refused, 51108 for an unknown flag
 */
export function compileRegex(pattern: string, options: string, code = INVALID): RegExp {
  const known = `${options}/${pattern}`
  const cached = cache.get(known)
  if (cached) return cached
  const compiled = translate(pattern, options, code)
  if (cache.size > 500) cache.clear()
  cache.set(known, compiled)
  return compiled
}

/** MongoDB's number of an invalid pattern in a filter; expressions have another one. */
const INVALID = 51091

function translate(pattern: string, options: string, code: number): RegExp {
  for (const flag of options) {
    if (!FLAGS.includes(flag)) throw locationError(51108, `invalid flag in regex options: ${flag}`)
  }
  const leading = /^\(\?([imsx]+)\)/.exec(pattern)
  const flags = new Set(options + (leading?.[1] ?? ''))
  let source = leading ? pattern.slice(leading[0].length) : pattern
  if (flags.has('x')) source = source.replaceAll(/\\.|\s+|#.*$/gms, (part) => (part[0] === '\\' ? part : ''))
  source = source.replaceAll(/\[:(\w+):\]/g, (whole, name: string) => POSIX[name] ?? whole)
  source = source.replaceAll(/\\([AzZhR])/g, (_, letter: string) => ANCHORS[letter]!)
  return build(source, ['i', 'm', 's'].filter((flag) => flags.has(flag)).join(''), code)
}

const ANCHORS: Record<string, string> = {
  A: '(?<![\\s\\S])',
  z: '(?![\\s\\S])',
  Z: '(?=\\n?(?![\\s\\S]))',
  h: '[ \\t]',
  R: '(?:\\r\\n|\\n|\\r)',
}

function build(source: string, flags: string, code: number): RegExp {
  const plain = compiled(source, flags, code)
  const linear = writtenOut(flags.includes('i') ? withoutCase(source) : source)
  const rest = flags.replace('i', '')
  if (isLinear(linear, rest) === true) return compiled(linear, rest, code)
  if (isLinear('a', '') === null || isHarmless(source)) return plain
  throw locationError(
    code,
    'Regular expression is invalid: the embedded datastore takes look-around, back-references and counted groups with no more than one repetition',
  )
}

function compiled(source: string, flags: string, code: number): RegExp {
  try {
    return new RegExp(source, flags)
  } catch (error) {
    throw locationError(code, `Regular expression is invalid: ${messageOf(error)}`)
  }
}

/**
 * The literal text that every match begins with, when the pattern is anchored and case matters; else null.
 * A prefix can be looked up in an index.
 */
export function literalPrefix(pattern: string, options: string): string | null {
  if (/[imx]/.test(options) || pattern[0] !== '^' || pattern.includes('|')) return null
  const literal = /^\^((?:[\w@:/ ,;<>=!~%&'"#-]|[^\u0000-\u007f])+)/.exec(pattern)?.[1]
  if (!literal) return null
  const next = pattern[1 + literal.length]
  const prefix = next && '*+?{'.includes(next) ? [...literal].slice(0, -1).join('') : literal
  return prefix === '' ? null : prefix
}
