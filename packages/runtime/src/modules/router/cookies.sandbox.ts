// RFC 6265.
import { decode } from './route-table.sandbox.ts'

export interface CookieOptions {
  /** Seconds. */
  maxAge?: number
  /** Default `/`. */
  path?: string
  domain?: string
  secure?: boolean
  httpOnly?: boolean
  sameSite?: 'strict' | 'lax' | 'none' | 'Strict' | 'Lax' | 'None'
}

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** Cookies of a request; the first of a name counts. */
export function parseCookies(header: string): Record<string, string> {
  const cookies: Record<string, string> = {}
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=')
    if (at < 1) continue
    const name = pair.slice(0, at).trim()
    if (!Object.hasOwn(cookies, name) && name !== '__proto__')
      cookies[name] = decode(
        pair
          .slice(at + 1)
          .trim()
          .replace(/^"(.*)"$/, '$1'),
      )
  }
  return cookies
}

/** The value of a `Set-Cookie` header. @throws Error for a name or attribute that would break it. */
export function cookieHeader(name: string, value: string, options: CookieOptions): string {
  if (!NAME.test(String(name))) throw new Error(`"${name}" cannot be the name of a cookie.`)
  const parts = [`${name}=${encodeURIComponent(String(value))}`, `Path=${attribute(options.path ?? '/')}`]
  if (options.maxAge !== undefined) parts.push(`Max-Age=${Math.trunc(Number(options.maxAge))}`)
  if (options.domain) parts.push(`Domain=${attribute(options.domain)}`)
  if (options.secure) parts.push('Secure')
  if (options.httpOnly) parts.push('HttpOnly')
  if (options.sameSite) {
    const mode = String(options.sameSite).toLowerCase()
    if (!['strict', 'lax', 'none'].includes(mode))
      throw new Error(`sameSite is strict, lax or none, not "${options.sameSite}".`)
    parts.push(`SameSite=${mode[0]!.toUpperCase()}${mode.slice(1)}`)
  }
  return parts.join('; ')
}

function attribute(value: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[;\x00-\x1f\x7f]/.test(value)) throw new Error(`"${value}" cannot stand in a cookie.`)
  return value
}
