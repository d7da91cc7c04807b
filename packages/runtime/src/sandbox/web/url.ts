// URL (WHATWG URL). Compared with Node's own on a list of hard cases in url.test.ts.
import { parseHost } from './host.ts'
import { webInterface } from './interface.ts'
import { encodeUtf8 } from './text.ts'
import { REPLACE, URLSearchParams, WATCH } from './url-search-params.ts'

export { URLSearchParams }

const PORTS: Record<string, string> = { http: '80', https: '443', ws: '80', wss: '443', ftp: '21', file: '' }
const SETS = {
  fragment: /[\0-\x1f\x7f-\uffff "<>`]/u,
  query: /[\0-\x1f\x7f-\uffff "#<>]/u,
  specialQuery: /[\0-\x1f\x7f-\uffff "#<>']/u,
  path: /[\0-\x1f\x7f-\uffff "#<>?^`{}]/u,
  userinfo: /[\0-\x1f\x7f-\uffff "#<>?^`{}/:;=@[\\\]|]/u,
  opaque: /[\0-\x1f\x7f-\uffff]/u,
}

interface Parts {
  scheme: string
  username: string
  password: string
  host: string | null
  port: string
  path: string[] | string
  query: string | null
  fragment: string | null
}

function encode(text: string, set: RegExp): string {
  if (!set.test(text) && !/[\u{10000}-\u{10ffff}]/u.test(text)) return text
  let out = ''
  for (const char of text) {
    if (!set.test(char) && char.length === 1) out += char
    else
      for (const byte of encodeUtf8(char))
        out += `%${(byte < 16 ? '0' : '') + byte.toString(16).toUpperCase()}`
  }
  return out
}

function parse(source: string, base: Parts | null): Parts | null {
  const input = source.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '').replace(/[\t\n\r]/g, '')
  const found = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(input)
  const scheme = found?.[1]!.toLowerCase()
  let rest = found ? input.slice(found[0].length) : input
  let fragment: string | null = null
  const hash = rest.indexOf('#')
  if (hash >= 0) {
    fragment = encode(rest.slice(hash + 1), SETS.fragment)
    rest = rest.slice(0, hash)
  }
  if (scheme === undefined) return base && relative(rest, base, fragment, false)
  const special = scheme in PORTS
  if (special && base?.scheme === scheme && scheme !== 'file' && !/^[/\\]/.test(rest))
    return relative(rest, base, fragment, true)
  if (scheme === 'file' && base?.scheme === 'file' && !/^[/\\]{2}/.test(rest))
    return relative(rest, base, fragment, true)
  return absolute(scheme, rest, fragment)
}

function absolute(scheme: string, text: string, fragment: string | null): Parts | null {
  const special = scheme in PORTS
  const { before, query } = cutQuery(text, special)
  const parts: Parts = { scheme, username: '', password: '', host: null, port: '', path: [], query, fragment }
  const rest = special ? before.replace(/\\/g, '/') : before
  if (special && scheme !== 'file') return authority(parts, rest.replace(/^\/*/, ''))
  if (scheme === 'file') {
    parts.host = ''
    return rest.startsWith('//') ? authority(parts, rest.slice(2)) : withPath(parts, rest, [])
  }
  if (rest.startsWith('//')) return authority(parts, rest.slice(2))
  if (rest.startsWith('/')) return withPath(parts, rest, [])
  parts.path = encode(rest, SETS.opaque)
  return parts
}

function authority(parts: Parts, text: string): Parts | null {
  const special = parts.scheme in PORTS
  const end = text.indexOf('/')
  const whole = end < 0 ? text : text.slice(0, end)
  const at = whole.lastIndexOf('@')
  if (at >= 0) {
    const [user, ...password] = whole.slice(0, at).split(':')
    parts.username = encode(user!, SETS.userinfo)
    parts.password = encode(password.join(':'), SETS.userinfo)
  }
  const found = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(whole.slice(at + 1))
  if (!found || (at >= 0 && found[1] === '')) return null
  if (special && parts.scheme !== 'file' && found[1] === '') return null
  const host = found[1] === '' ? '' : parseHost(found[1]!, special)
  if (host === null || (found[2] && +found[2] > 65535)) return null
  parts.host = parts.scheme === 'file' && host === 'localhost' ? '' : host
  const port = found[2] ? `${+found[2]}` : ''
  parts.port = port === PORTS[parts.scheme] ? '' : port
  return withPath(parts, end < 0 ? '' : text.slice(end), [])
}

function cutQuery(text: string, special: boolean): { before: string; query: string | null } {
  const mark = text.indexOf('?')
  if (mark < 0) return { before: text, query: null }
  const query = encode(text.slice(mark + 1), special ? SETS.specialQuery : SETS.query)
  return { before: text.slice(0, mark), query }
}

function relative(text: string, base: Parts, fragment: string | null, sameScheme: boolean): Parts | null {
  if (typeof base.path === 'string')
    return text === '' && fragment !== null && !sameScheme ? { ...base, fragment } : null
  const special = base.scheme in PORTS
  const { before, query } = cutQuery(text, special)
  const rest = special ? before.replace(/\\/g, '/') : before
  if (rest.startsWith('//')) return absolute(base.scheme, text, fragment)
  const parts: Parts = { ...base, path: [...base.path], query, fragment }
  if (rest === '') {
    if (query === null) parts.query = base.query
    return parts
  }
  if (rest.startsWith('/')) return withPath(parts, rest, [])
  return withPath(parts, `/${rest}`, base.path.slice(0, -1))
}

function withPath(parts: Parts, text: string, begin: readonly string[]): Parts {
  const special = parts.scheme in PORTS
  const path = [...begin]
  if (text === '') {
    parts.path = special && path.length === 0 ? [''] : path
    return parts
  }
  const segments = text.slice(1).split('/')
  segments.forEach((segment, i) => {
    const plain = segment.replace(/%2e/gi, '.')
    const last = i === segments.length - 1
    if (plain === '..') {
      path.pop()
      if (last) path.push('')
    } else if (plain === '.') {
      if (last) path.push('')
    } else path.push(encode(segment, SETS.path))
  })
  parts.path = path
  return parts
}

function pathOf(parts: Parts): string {
  if (typeof parts.path === 'string') return parts.path
  return parts.path.length > 0 ? `/${parts.path.join('/')}` : ''
}

function serialise(parts: Parts): string {
  const credentials = parts.username || parts.password
  const user = credentials ? `${parts.username}${parts.password && `:${parts.password}`}@` : ''
  const path = pathOf(parts)
  const place =
    parts.host !== null
      ? `//${user}${parts.host}${parts.port && `:${parts.port}`}`
      : path.startsWith('//')
        ? '/.'
        : ''
  const query = parts.query === null ? '' : `?${parts.query}`
  const fragment = parts.fragment === null ? '' : `#${parts.fragment}`
  return `${parts.scheme}:${place}${path}${query}${fragment}`
}

function parsed(url: unknown, base?: unknown): Parts | null {
  const baseParts = base === undefined ? null : parse(String(base), null)
  return base !== undefined && !baseParts ? null : parse(String(url), baseParts)
}

export class URL {
  #parts: Parts
  #params: URLSearchParams | undefined

  constructor(url: unknown, base?: unknown) {
    const parts = parsed(url, base)
    if (!parts)
      throw Object.assign(new TypeError(`Invalid URL: "${String(url)}"`), { code: 'ERR_INVALID_URL' })
    this.#parts = parts
  }
  static canParse(url: unknown, base?: unknown): boolean {
    return parsed(url, base) !== null
  }
  static parse(url: unknown, base?: unknown): URL | null {
    return URL.canParse(url, base) ? new URL(url, base) : null
  }

  get href(): string {
    return serialise(this.#parts)
  }
  set href(value: string) {
    this.#parts = new URL(value).#parts
    this.#params?.[REPLACE](this.#parts.query ?? '')
  }
  get origin(): string {
    const { scheme } = this.#parts
    // A blob is of the page that made it, whose address its own begins with.
    if (scheme === 'blob') {
      const page = URL.parse(this.pathname)
      return page && /^https?:$/.test(page.protocol) ? page.origin : 'null'
    }
    return scheme in PORTS && scheme !== 'file' ? `${scheme}://${this.host}` : 'null'
  }
  get protocol(): string {
    return `${this.#parts.scheme}:`
  }
  set protocol(value: string) {
    const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*)/.exec(String(value))?.[1]!.toLowerCase()
    if (!scheme || scheme in PORTS !== this.#parts.scheme in PORTS) return
    this.#parts.scheme = scheme
    if (this.#parts.port === PORTS[scheme]) this.#parts.port = ''
  }
  get username(): string {
    return this.#parts.username
  }
  set username(value: string) {
    if (this.#parts.host) this.#parts.username = encode(String(value), SETS.userinfo)
  }
  get password(): string {
    return this.#parts.password
  }
  set password(value: string) {
    if (this.#parts.host) this.#parts.password = encode(String(value), SETS.userinfo)
  }
  get host(): string {
    return (this.#parts.host ?? '') + (this.#parts.port && `:${this.#parts.port}`)
  }
  set host(value: string) {
    const [name, port] = String(value).split(/:(?=\d*$)/)
    this.hostname = name!
    if (port !== undefined) this.port = port
  }
  get hostname(): string {
    return this.#parts.host ?? ''
  }
  set hostname(value: string) {
    if (typeof this.#parts.path === 'string') return
    const host = parseHost(String(value), this.#parts.scheme in PORTS)
    if (host) this.#parts.host = host
  }
  get port(): string {
    return this.#parts.port
  }
  set port(value: string) {
    if (!this.#parts.host || this.#parts.scheme === 'file') return
    const port = /^\d+/.exec(String(value))?.[0]
    if (String(value) === '') this.#parts.port = ''
    else if (port && +port <= 65535)
      this.#parts.port = `${+port}` === PORTS[this.#parts.scheme] ? '' : `${+port}`
  }
  get pathname(): string {
    return pathOf(this.#parts)
  }
  set pathname(value: string) {
    if (typeof this.#parts.path === 'string') return
    const text = this.#parts.scheme in PORTS ? String(value).replace(/\\/g, '/') : String(value)
    withPath(this.#parts, text.startsWith('/') ? text : `/${text}`, [])
  }
  get search(): string {
    return this.#parts.query ? `?${this.#parts.query}` : ''
  }
  set search(value: string) {
    const text = String(value).replace(/^\?/, '')
    this.#parts.query =
      text === '' ? null : encode(text, this.#parts.scheme in PORTS ? SETS.specialQuery : SETS.query)
    this.#params?.[REPLACE](this.#parts.query ?? '')
  }
  get searchParams(): URLSearchParams {
    if (!this.#params) {
      this.#params = new URLSearchParams(this.#parts.query ?? '')
      this.#params[WATCH]((query) => (this.#parts.query = query === '' ? null : query))
    }
    return this.#params
  }
  get hash(): string {
    return this.#parts.fragment ? `#${this.#parts.fragment}` : ''
  }
  set hash(value: string) {
    const text = String(value).replace(/^#/, '')
    this.#parts.fragment = text === '' ? null : encode(text, SETS.fragment)
  }
  toString(): string {
    return this.href
  }
  toJSON(): string {
    return this.href
  }
}

webInterface(URL, 'URL')
