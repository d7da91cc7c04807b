// Formats of texts, by the names of go-playground/validator v10, which scripts of the original wrote in their rules.
import { fromBase64, fromBase64Url } from '../bytes.ts'

type Test = (text: string) => boolean
const matches =
  (pattern: RegExp): Test =>
  (text) =>
    pattern.test(text)

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const IPV4 = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}$`)
const NUMBER = '\\s*-?(?:\\d+\\.?\\d*|\\.\\d+)'
const PERCENT = '\\s*(?:0|[1-9]\\d?|100)%'
const BYTE = `\\s*(?:${OCTET}|(?:0|[1-9]\\d?|100)%)\\s*`
const ALPHA = '\\s*(?:0\\.\\d+|0|1(?:\\.0+)?|[1-9]\\d?%|100%)\\s*'

const isIpv4: Test = matches(IPV4)

/** RFC 4291 §2.2, with an IPv4 address at the end and a zone taken off. */
function isIpv6(text: string): boolean {
  const [head = '', tail, ...more] = text.split('::')
  if (more.length > 0 || text === '' || text.length > 45) return false
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'))
  const all = [...groups(head), ...groups(tail ?? '')]
  const last = all[all.length - 1] ?? ''
  const hasV4 = last.includes('.')
  if (hasV4 && !isIpv4(last)) return false
  const hex = hasV4 ? all.slice(0, -1) : all
  const count = hex.length + (hasV4 ? 2 : 0)
  return (
    hex.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (tail === undefined ? count === 8 : count < 8)
  )
}

function isCidr(isAddress: Test, maxBits: number): Test {
  return (text) => {
    const match = /^(.+)\/(\d{1,3})$/.exec(text)
    return match !== null && isAddress(match[1]!) && Number(match[2]) <= maxBits
  }
}

/** A scheme and something behind it, as Go's url.Parse plus the validator's own rule. */
function isUrl(text: string): boolean {
  const match = /^([a-zA-Z][a-zA-Z0-9+.-]*):(.+)$/s.exec(text)
  if (!match || /[\s\u0000-\u001f\u007f]/.test(text) || /%(?![0-9a-fA-F]{2})/.test(text)) return false
  const rest = match[2]!
  if (!rest.startsWith('//')) return !rest.startsWith('/') || rest.includes('#') || match[1] === 'file'
  const host = /^\/\/(?:[^/?#@]*@)?(\[[0-9a-fA-F:.%]+\]|[^/?#:@[\]]*)(?::(\d*))?(?=[/?#]|$)/.exec(rest)
  if (!host) return false
  return (host[1] !== '' || rest.includes('#') || match[1] === 'file') && Number(host[2] || 0) <= 65_535
}

function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@')
  const local = text.slice(0, at)
  const domain = text.slice(at + 1)
  // RFC 5321 §4.5.3.1: 64 octets before the sign, 255 behind it.
  if (at < 1 || local.length > 64 || domain.length > 255) return false
  const isAtom = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u.test(local)
  return isAtom && /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}\p{N}]{2,}$/u.test(domain)
}

/** ISO/IEC 7812-1, annex B. */
function isLuhn(text: string): boolean {
  const digits = text.replace(/[ -]/g, '')
  if (!/^\d{12,19}$/.test(digits)) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
  }
  return sum % 10 === 0
}

function isIsbn10(text: string): boolean {
  const digits = text.replace(/[ -]/g, '')
  if (!/^\d{9}[\dX]$/.test(digits)) return false
  const sum = Array.from(digits).reduce(
    (total, char, i) => total + (char === 'X' ? 10 : Number(char)) * (10 - i),
    0,
  )
  return sum % 11 === 0
}

function isIsbn13(text: string): boolean {
  const digits = text.replace(/[ -]/g, '')
  if (!/^97[89]\d{10}$/.test(digits)) return false
  return Array.from(digits).reduce((total, char, i) => total + Number(char) * (i % 2 ? 3 : 1), 0) % 10 === 0
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const within =
  (limit: number): Test =>
  (text) =>
    /^[-+]?\d{1,3}(?:\.\d+)?$/.test(text) && Math.abs(Number(text)) <= limit

const isIp: Test = (text) => isIpv4(text) || isIpv6(text)
const isHexColor = matches(/^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/)
const isRgb = matches(new RegExp(`^rgb\\(${BYTE},${BYTE},${BYTE}\\)$`))
const isRgba = matches(new RegExp(`^rgba\\(${BYTE},${BYTE},${BYTE},${ALPHA}\\)$`))
const isHsl = matches(new RegExp(`^hsl\\(${NUMBER}\\s*,${PERCENT}\\s*,${PERCENT}\\s*\\)$`))
const isHsla = matches(new RegExp(`^hsla\\(${NUMBER}\\s*,${PERCENT}\\s*,${PERCENT}\\s*,${ALPHA}\\)$`))
const uuidOf = (version: string): Test =>
  matches(new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, 'i'))
const isHostname = matches(
  /^(?=.{1,253}$)(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)*[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/,
)

/** Tests of texts that need no parameter. */
export const formats: Readonly<Record<string, Test>> = {
  email: isEmail,
  url: isUrl,
  http_url: (text) => /^https?:\/\//i.test(text) && isUrl(text),
  uri: (text) => isUrl(text) || /^\/[^\s]*$/.test(text),
  uuid: matches(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i),
  uuid3: uuidOf('3'),
  uuid4: uuidOf('4'),
  uuid5: uuidOf('5'),
  ulid: matches(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i),
  mongodb: matches(/^[0-9a-f]{24}$/),
  alpha: matches(/^[a-zA-Z]+$/),
  alphanum: matches(/^[a-zA-Z0-9]+$/),
  alphaunicode: matches(/^\p{L}+$/u),
  alphanumunicode: matches(/^[\p{L}\p{N}]+$/u),
  numeric: matches(/^[-+]?\d+(?:\.\d+)?$/),
  number: matches(/^\d+$/),
  boolean: matches(/^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/),
  hexadecimal: matches(/^(?:0[xX])?[0-9a-fA-F]+$/),
  lowercase: (text) => text !== '' && text === text.toLowerCase(),
  uppercase: (text) => text !== '' && text === text.toUpperCase(),
  ascii: matches(/^[\u0000-\u007f]*$/),
  printascii: matches(/^[ -~]*$/),
  hexcolor: isHexColor,
  rgb: isRgb,
  rgba: isRgba,
  hsl: isHsl,
  hsla: isHsla,
  iscolor: (text) => [isHexColor, isRgb, isRgba, isHsl, isHsla].some((test) => test(text)),
  ip: isIp,
  ip_addr: isIp,
  ipv4: isIpv4,
  ipv6: isIpv6,
  cidr: (text) => isCidr(isIpv4, 32)(text) || isCidr(isIpv6, 128)(text),
  cidrv4: isCidr(isIpv4, 32),
  cidrv6: isCidr(isIpv6, 128),
  mac: matches(
    /^(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}(?:[0-9a-f]{2}\1[0-9a-f]{2}\1)?[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4})$/i,
  ),
  hostname: isHostname,
  hostname_rfc1123: isHostname,
  fqdn: (text) => /\.[a-zA-Z][a-zA-Z0-9-]*[a-zA-Z0-9]\.?$/.test(text) && isHostname(text.replace(/\.$/, '')),
  hostname_port: (text) => {
    const match = /^(.*):(\d{1,5})$/.exec(text)
    return (
      match !== null &&
      Number(match[2]) > 0 &&
      Number(match[2]) <= 65_535 &&
      (match[1] === '' || isHostname(match[1]!))
    )
  },
  json: isJson,
  jwt: matches(/^[A-Za-z0-9-_]+\.[A-Za-z0-9-_]+\.[A-Za-z0-9-_]*$/),
  base64: (text) => text !== '' && text.length % 4 === 0 && fromBase64(text) !== null,
  base64url: (text) => text !== '' && text.length % 4 === 0 && fromBase64Url(text) !== null,
  base64rawurl: (text) => text !== '' && !text.includes('=') && fromBase64Url(text) !== null,
  latitude: within(90),
  longitude: within(180),
  credit_card: isLuhn,
  luhn_checksum: isLuhn,
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  e164: matches(/^\+[1-9]\d{1,14}$/),
  md5: matches(/^[0-9a-f]{32}$/),
  sha256: matches(/^[0-9a-f]{64}$/),
  sha384: matches(/^[0-9a-f]{96}$/),
  sha512: matches(/^[0-9a-f]{128}$/),
  semver: matches(
    /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/,
  ),
  slug: matches(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  datauri: matches(/^data:[\w.+-]+\/[\w.+-]+(?:;[\w=.-]+)*;base64,[A-Za-z0-9+/]+={0,2}$/),
}
