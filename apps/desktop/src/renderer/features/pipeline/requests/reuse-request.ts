import type { Outputs } from '@/app/trpc/trpc.ts'
import { METHODS, type Method, type RequestDraft } from './send-request.ts'

type Detail = Pick<Outputs['requests']['get'], 'method' | 'url' | 'requestHeaders' | 'requestBody'>

/**
 * Set by the browser itself, refused by it (Fetch Standard, forbidden request-headers), or true of the first way
 * only.
 */
const NOT_SENT = new Set([
  ...['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding', 'keep-alive', 'te'],
  ...['origin', 'referer', 'user-agent', 'upgrade', 'via', 'date', 'expect', 'dnt', 'trailer'],
  ...['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-real-ip', 'forwarded'],
])

/** A kept request as the form can send it again; null when its body is not kept whole or is no text. */
export function draftOf({ method, url, requestHeaders, requestBody }: Detail): RequestDraft | null {
  if (requestBody.isCut || requestBody.text === null || !isMethod(method)) return null
  const headers = requestHeaders
    .filter(({ name, value }) => value !== null && !NOT_SENT.has(name) && !/^(?:sec|proxy)-/.test(name))
    .map(({ name, value }) => `${name}: ${value}`)
  return { method, path: url, headers: headers.join('\n'), body: requestBody.text }
}

function isMethod(method: string): method is Method {
  return (METHODS as readonly string[]).includes(method)
}
