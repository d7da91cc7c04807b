import { type Cursor, fail } from './cursor.ts'

/** One code point, or a test of one. */
export type CharTest = string | ((char: string) => boolean)

const CLASSES: Readonly<Record<string, RegExp>> = { d: /\d/, D: /\D/, w: /\w/, W: /\W/, s: /\s/, S: /\S/ }
const CONTROLS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v', '0': '\0' }

/** After the backslash, up to the end of the escape. */
export function readEscape(cursor: Cursor): CharTest {
  const char = cursor.chars[cursor.at]
  if (char === undefined) fail(cursor, 'a "\\" at the end')
  cursor.at += 1
  const known = CLASSES[char]
  if (known) return (c) => known.test(c)
  if (CONTROLS[char] !== undefined) return CONTROLS[char]
  if (char === 'x') return hex(cursor, /^[0-9a-fA-F]{2}/)
  if (char === 'u')
    return cursor.chars[cursor.at] === '{'
      ? hex(cursor, /^\{[0-9a-fA-F]{1,6}\}/)
      : hex(cursor, /^[0-9a-fA-F]{4}/)
  if (char === 'p' || char === 'P') return property(cursor, char)
  if (/[a-zA-Z0-9]/.test(char)) {
    cursor.at -= 1
    fail(cursor, `an unknown escape "\\${char}"`)
  }
  return char
}

/** After the `[`, up to and with the `]`. */
export function readClass(cursor: Cursor): CharTest {
  const negated = cursor.chars[cursor.at] === '^'
  if (negated) cursor.at += 1
  const singles = new Set<string>()
  const ranges: [number, number][] = []
  const tests: ((char: string) => boolean)[] = []
  for (;;) {
    if (cursor.chars[cursor.at] === undefined) fail(cursor, 'a "[" without its "]"')
    if (cursor.chars[cursor.at] === ']') break
    const from = member(cursor)
    const dash = cursor.chars[cursor.at] === '-' && cursor.chars[cursor.at + 1] !== ']'
    if (typeof from === 'function') tests.push(from)
    else if (!dash || cursor.chars[cursor.at + 1] === undefined) singles.add(from)
    else {
      cursor.at += 1
      const to = member(cursor)
      if (typeof to === 'function') fail(cursor, 'a range to a class of characters')
      if (to.codePointAt(0)! < from.codePointAt(0)!) fail(cursor, 'a range whose end is before its start')
      ranges.push([from.codePointAt(0)!, to.codePointAt(0)!])
    }
  }
  cursor.at += 1
  return (char) => {
    const code = char.codePointAt(0)!
    const found =
      singles.has(char) || ranges.some(([a, b]) => code >= a && code <= b) || tests.some((test) => test(char))
    return found !== negated
  }
}

function member(cursor: Cursor): CharTest {
  const char = cursor.chars[cursor.at]
  if (char === undefined) fail(cursor, 'a "[" without its "]"')
  cursor.at += 1
  if (char !== '\\') return char
  if (cursor.chars[cursor.at] === 'b') {
    cursor.at += 1
    return '\b'
  }
  return readEscape(cursor)
}

function hex(cursor: Cursor, form: RegExp): string {
  const found = form.exec(cursor.chars.slice(cursor.at, cursor.at + 8).join(''))?.[0]
  const code = found ? Number.parseInt(found.replaceAll(/[{}]/g, ''), 16) : Number.NaN
  if (!found || code > 0x10ffff) return fail(cursor, 'an escape without its hexadecimal digits')
  cursor.at += found.length
  return String.fromCodePoint(code)
}

/** `\p{L}`: the platform's own test, on one code point. */
function property(cursor: Cursor, letter: string): CharTest {
  const name = /^\{[A-Za-z_=]{1,50}\}/.exec(cursor.chars.slice(cursor.at, cursor.at + 52).join(''))?.[0]
  try {
    if (name) {
      const test = new RegExp(`^\\${letter}${name}$`, 'u')
      cursor.at += name.length
      return (char) => test.test(char)
    }
  } catch {
    // Not a property that Unicode knows; named below.
  }
  return fail(cursor, `an unknown Unicode property "\\${letter}${name ?? ''}"`)
}
