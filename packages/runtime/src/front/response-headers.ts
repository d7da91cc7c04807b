import type { FrontOrigin } from './front.options.ts'

const TYPES = ['application/json; charset=utf-8', 'text/plain; charset=utf-8', 'application/octet-stream']
// The connection is ours: a service says nothing about it (RFC 9110, section 7.6.1).
const OURS = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'content-length',
])

export interface HeaderRules {
  origin: FrontOrigin
  /** Cookies of the panel: a service may not set them. */
  panelCookies: ReadonlySet<string>
}

/** Names and values in turn, for `writeHead`. `length`: bytes of a body that is known whole. */
export function responseHeaders(
  given: number | readonly string[],
  length: number | null,
  rules: HeaderRules,
): string[] {
  const headers: string[] = []
  if (typeof given === 'number') {
    if (given < 3) headers.push('content-type', TYPES[given]!)
  } else copyHeaders(given, headers, rules)
  if (length !== null) headers.push('content-length', String(length))
  // architecture.md "Origins": on the panel's port a response can never act as the panel.
  if (rules.origin === 'panel')
    headers.push('content-security-policy', 'sandbox', 'x-content-type-options', 'nosniff')
  return headers
}

function copyHeaders(
  given: readonly string[],
  headers: string[],
  { origin, panelCookies }: HeaderRules,
): void {
  for (let i = 0; i < given.length; i += 2) {
    const name = given[i]!.toLowerCase()
    const value = given[i + 1]!
    if (OURS.has(name)) continue
    if (origin === 'panel' && (name === 'content-security-policy' || name === 'x-content-type-options'))
      continue
    if (name === 'set-cookie' && panelCookies.has(value.split('=', 1)[0]!.trim())) continue
    headers.push(name, value)
  }
}
