// Hosts of URLs: names, IPv4 in all its forms, IPv6 (WHATWG URL, "Host parsing"). IDNA is NFKC and punycode only.

const FORBIDDEN = /[\0-\x20"#%/:<>?@[\\\]^`{|}\x7f]/

/** The host as a URL shows it; null when it is invalid. `special`: of http and its kin. */
export function parseHost(text: string, special: boolean): string | null {
  if (text.startsWith('[')) return text.endsWith(']') ? bracketed(text.slice(1, -1)) : null
  if (!special) return /[\0\t\n\r #/:<>?@[\\\]^|]/.test(text) ? null : text
  let name: string
  try {
    name = decodeURIComponent(text)
  } catch {
    return null
  }
  const ascii = toAscii(name.normalize('NFKC').toLowerCase())
  if (ascii === null || ascii === '' || FORBIDDEN.test(ascii)) return null
  return endsInNumber(ascii) ? ipv4(ascii) : ascii
}

function endsInNumber(host: string): boolean {
  const parts = host.split('.')
  if (parts.at(-1) === '' && parts.length > 1) parts.pop()
  const last = parts.at(-1)!
  return /^\d+$/.test(last) || /^0x[0-9a-f]*$/i.test(last)
}

function ipv4(host: string): string | null {
  const parts = host.split('.')
  if (parts.at(-1) === '' && parts.length > 1) parts.pop()
  if (parts.length > 4) return null
  const numbers = parts.map(ipv4Number)
  if (numbers.some((number) => number === null)) return null
  const last = numbers.pop()!
  if (numbers.some((number) => number! > 255) || last >= 256 ** (4 - numbers.length)) return null
  let value = last
  numbers.forEach((number, i) => (value += number! * 256 ** (3 - i)))
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.')
}

function ipv4Number(part: string): number | null {
  if (part === '') return null
  if (/^0x[0-9a-f]*$/i.test(part)) return part.length === 2 ? 0 : parseInt(part, 16)
  if (/^0[0-7]+$/.test(part)) return parseInt(part, 8)
  return /^(0|[1-9]\d*)$/.test(part) ? +part : null
}

function bracketed(text: string): string | null {
  const pieces = ipv6Pieces(text)
  if (!pieces) return null
  let best = { at: -1, length: 1 }
  for (let at = 0; at < 8; at++) {
    let length = 0
    while (at + length < 8 && pieces[at + length] === 0) length++
    if (length > best.length) best = { at, length }
    if (length > 0) at += length - 1
  }
  const hex = pieces.map((piece) => piece.toString(16))
  if (best.at < 0) return `[${hex.join(':')}]`
  return `[${hex.slice(0, best.at).join(':')}::${hex.slice(best.at + best.length).join(':')}]`
}

function ipv6Pieces(text: string): number[] | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':').flatMap(ipv6Piece)))
  const all = [...head!, ...(tail ?? [])]
  if (all.some((piece) => piece < 0)) return null
  if (!tail) return all.length === 8 ? all : null
  return all.length < 8 ? [...head!, ...new Array<number>(8 - all.length).fill(0), ...tail] : null
}

function ipv6Piece(piece: string): number[] {
  if (/^[0-9a-f]{1,4}$/i.test(piece)) return [parseInt(piece, 16)]
  const dotted = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(piece)
  if (!dotted) return [-1]
  const [a, b, c, d] = dotted.slice(1).map(Number) as [number, number, number, number]
  return [a, b, c, d].some((part) => part > 255) ? [-1] : [a * 256 + b, c * 256 + d]
}

function toAscii(host: string): string | null {
  // eslint-disable-next-line no-control-regex -- the ASCII range is meant
  if (/^[\0-\x7f]*$/.test(host)) return host
  return host
    .split(/[.\u3002\uff0e\uff61]/)
    .map((label) => (/[^\0-\x7f]/.test(label) ? `xn--${punycode(label)}` : label))
    .join('.')
}

/** RFC 3492, section 6.3. */
function punycode(label: string): string {
  const codes = Array.from(label, (char) => char.codePointAt(0)!)
  let out = codes
    .filter((code) => code < 128)
    .map((code) => String.fromCharCode(code))
    .join('')
  const basic = out.length
  let handled = basic
  if (basic > 0) out += '-'
  let n = 128
  let delta = 0
  let bias = 72
  while (handled < codes.length) {
    const next = Math.min(...codes.filter((code) => code >= n))
    delta += (next - n) * (handled + 1)
    n = next
    for (const code of codes) {
      if (code < n) delta++
      if (code !== n) continue
      out += variableLength(delta, bias)
      bias = adapt(delta, handled + 1, handled === basic)
      delta = 0
      handled++
    }
    delta++
    n++
  }
  return out
}

function variableLength(delta: number, bias: number): string {
  let out = ''
  let rest = delta
  for (let k = 36; ; k += 36) {
    const threshold = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias
    if (rest < threshold) return out + digit(rest)
    out += digit(threshold + ((rest - threshold) % (36 - threshold)))
    rest = Math.floor((rest - threshold) / (36 - threshold))
  }
}

function digit(value: number): string {
  return String.fromCharCode(value < 26 ? 97 + value : 22 + value)
}

function adapt(delta: number, points: number, first: boolean): number {
  let rest = first ? Math.floor(delta / 700) : delta >> 1
  rest += Math.floor(rest / points)
  let k = 0
  while (rest > 455) {
    rest = Math.floor(rest / 35)
    k += 36
  }
  return k + Math.floor((36 * rest) / (rest + 38))
}
