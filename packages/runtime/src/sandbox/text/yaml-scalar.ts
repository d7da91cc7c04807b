// Scalars of YAML 1.2's core schema (yaml.org/spec/1.2.2, §10.3.2), both ways.

const INTEGER = /^[-+]?\d+$/
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/

/** What a plain scalar stands for. */
export function resolvePlain(text: string): unknown {
  if (text === '' || text === '~' || /^(?:null|Null|NULL)$/.test(text)) return null
  if (/^(?:true|True|TRUE)$/.test(text)) return true
  if (/^(?:false|False|FALSE)$/.test(text)) return false
  if (INTEGER.test(text) || FLOAT.test(text)) return Number(text)
  if (/^0o[0-7]+$/.test(text)) return parseInt(text.slice(2), 8)
  if (/^0x[0-9a-fA-F]+$/.test(text)) return parseInt(text.slice(2), 16)
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text[0] === '-' ? -Infinity : Infinity
  return /^\.(?:nan|NaN|NAN)$/.test(text) ? NaN : text
}

const ESCAPES: Record<string, string> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
}

/** The character an escape of a double-quoted scalar stands for, and how long it is; null when there is none of that form. */
export function readEscape(text: string, at: number): { char: string; length: number } | null {
  const letter = text[at] ?? ''
  const digits = letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0
  if (digits === 0) return Object.hasOwn(ESCAPES, letter) ? { char: ESCAPES[letter]!, length: 1 } : null
  const hex = text.slice(at + 1, at + 1 + digits)
  const code = /^[0-9a-fA-F]+$/.test(hex) && hex.length === digits ? parseInt(hex, 16) : Infinity
  return code <= 0x10ffff ? { char: String.fromCodePoint(code), length: digits + 1 } : null
}

/** A text so that it is read as this text again: plain where that is safe. */
export function quoteIfNeeded(text: string): string {
  const plain =
    /^[^\s\-?:,[\]{}#&*!|>'"%@`](?:[^\n\r:#]|:(?=\S)|(?<=\S)#)*$/.test(text) &&
    !/\s$/.test(text) &&
    typeof resolvePlain(text) === 'string' &&
    // YAML 1.1 readers take these for booleans, numbers and dates.
    !/^(?:y|n|yes|no|on|off|[-+]?[\d_.:]+|\d{4}-\d\d?-\d\d?.*)$/i.test(text) &&
    !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff]/.test(text)
  return plain && text !== '---' && text !== '...' ? text : JSON.stringify(text)
}

/** Lines of a `>` scalar: single breaks between lines that begin at the margin become blanks. */
export function folded(lines: readonly string[]): string {
  let text = ''
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!
    const previous = lines[i - 1]
    if (i === 0) text = line
    else if (previous === '' || line === '' || /^\s/.test(line) || /^\s/.test(previous!)) {
      const afterBlank = previous === '' && line !== '' && !/^\s/.test(line) && !moreIndentedBefore(lines, i)
      text += afterBlank ? line : `\n${line}`
    } else text += ` ${line}`
  }
  return text
}

/** Whether the last line with content before a gap was indented: then the gap keeps all of its breaks. */
function moreIndentedBefore(lines: readonly string[], at: number): boolean {
  let i = at - 1
  while (i >= 0 && lines[i] === '') i -= 1
  return i < 0 || /^\s/.test(lines[i]!)
}
