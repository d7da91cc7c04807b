// `fetch` of a data: URL: WHATWG Fetch, "data: URL processor".
import { decodeUtf8, fromBase64 } from '../../sandbox/bytes.ts'
import { percentDecoded } from '../../sandbox/web/percent.ts'
import { makeResponse, type Response } from './response.sandbox.ts'

/** @throws TypeError for a URL without a comma or with malformed base64 */
export function dataResponse(url: string): Response {
  const text = url.slice('data:'.length).split('#', 1)[0]!
  const comma = text.indexOf(',')
  if (comma < 0) throw new TypeError('The data: URL has no comma.')
  const given = text.slice(0, comma).trim()
  const isBase64 = /; *base64$/i.test(given)
  const type = given.replace(/; *base64$/i, '')
  const bytes = percentDecoded(text.slice(comma + 1))
  const body = isBase64 ? fromBase64(decodeUtf8(bytes).replace(/[\t\n\f\r ]/g, '')) : bytes
  if (!body) throw new TypeError('The data: URL is not base64.')
  const contentType = type.startsWith(';') ? `text/plain${type}` : /^[^/]+\/[^/]+/.test(type) ? type : ''
  return makeResponse(
    { source: body, type: null },
    { statusText: 'OK', headers: { 'content-type': contentType || 'text/plain;charset=US-ASCII' } },
    { status: 200, url },
  )
}
