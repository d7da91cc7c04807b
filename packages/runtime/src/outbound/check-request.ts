import { isPlainObject } from '../sandbox/codec.ts'
import { httpErrors } from './http.errors.ts'
import type { FormPart, OutboundRequest } from './http.contract.ts'

/** A request from the isolate, whose every part is checked here: the sandbox half made it, but the guest shares its realm. */
export function checkRequest(value: unknown): OutboundRequest {
  if (!isPlainObject(value)) throw invalid('request', 'an object')
  const { url, method, headers, body, redirect, proxy } = value
  if (typeof url !== 'string' || url.length > 16_384)
    throw httpErrors.HTTP_URL_INVALID({ url: String(url).slice(0, 300) })
  if (
    typeof method !== 'string' ||
    !/^[A-Z]{1,20}$/.test(method) ||
    method === 'CONNECT' ||
    method === 'TRACE'
  ) {
    throw invalid('method', 'GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS')
  }
  if (redirect !== undefined && redirect !== 'follow' && redirect !== 'manual' && redirect !== 'error') {
    throw invalid('redirect', "'follow', 'manual' or 'error'")
  }
  if (proxy !== undefined && typeof proxy !== 'string') throw invalid('proxy', 'a URL')
  return {
    url,
    method,
    headers: checkHeaders(headers),
    ...(body !== undefined && body !== null && { body: checkBody(body) }),
    ...(redirect !== undefined && { redirect }),
    ...(proxy !== undefined && { proxy }),
    ...numbersOf(value),
    insecure: value['insecure'] === true,
  }
}

function invalid(option: string, expected: string): Error {
  return httpErrors.HTTP_OPTION_INVALID({ option, expected })
}

function numbersOf(
  value: Record<string, unknown>,
): Pick<OutboundRequest, 'timeoutMs' | 'maxRedirects' | 'retries'> {
  const numbers: Record<string, number> = {}
  for (const name of ['timeoutMs', 'maxRedirects', 'retries']) {
    const number = value[name]
    if (number === undefined) continue
    if (typeof number !== 'number' || !(number >= 0)) throw invalid(name, 'a number of at least 0')
    numbers[name] = number
  }
  return numbers
}

// RFC 9110 §5.1 and §5.5: a token, and visible characters with blanks between.
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/
// oxlint-disable-next-line no-control-regex
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

function checkHeaders(headers: unknown): [string, string][] {
  if (!Array.isArray(headers) || headers.length > 200)
    throw invalid('headers', 'at most 200 names with values')
  return headers.map((pair: unknown): [string, string] => {
    const [name, value] = Array.isArray(pair) ? (pair as unknown[]) : []
    if (typeof name !== 'string' || !NAME.test(name))
      throw invalid('headers', `a name of letters, digits and hyphens, not "${String(name).slice(0, 50)}"`)
    if (typeof value !== 'string' || value.length > 32_768 || !VALUE.test(value)) {
      throw invalid('headers', `a text without line breaks or characters beyond Latin-1 for "${name}"`)
    }
    return [name, value]
  })
}

function checkBody(body: unknown): string | Uint8Array | FormPart[] {
  if (typeof body === 'string' || body instanceof Uint8Array) return body
  if (!Array.isArray(body) || body.length > 1_000)
    throw invalid('body', 'a text, bytes, or at most 1,000 parts of a form')
  return body.map((part: unknown): FormPart => {
    if (!isPlainObject(part) || typeof part['name'] !== 'string') throw invalid('body', 'parts with a name')
    const { name, value, filename, type } = part
    if (typeof value !== 'string' && !(value instanceof Uint8Array))
      throw invalid('body', `a text or bytes for "${name}"`)
    return {
      name,
      value,
      ...(typeof filename === 'string' && { filename }),
      ...(typeof type === 'string' && { type }),
    }
  })
}
