/** The tester of routes: what was asked, what came back. Pure but for `send`. */

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const
export type Method = (typeof METHODS)[number]

export interface RequestDraft {
  method: Method
  path: string
  /** One `name: value` a line. */
  headers: string
  body: string
}

export interface Answer {
  status: number
  statusText: string
  ms: number
  sizeBytes: number
  headers: [string, string][]
  text: string
  /** The text is JSON, set out in lines. */
  isJson: boolean
  isCut: boolean
}

export const hasBody = (method: Method): boolean => method !== 'GET' && method !== 'HEAD'

/** More than this is cut: it is there to be looked at. */
const MAX_SHOWN_CHARS = 200_000

export async function send(baseUrl: string, draft: RequestDraft): Promise<Answer> {
  const startedAt = performance.now()
  const response = await fetch(baseUrl + draft.path.replace(/^\/+/, ''), {
    method: draft.method,
    headers: requestHeaders(draft),
    ...(hasBody(draft.method) && draft.body && { body: draft.body }),
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'follow',
  })
  const bytes = await response.arrayBuffer()
  const ms = performance.now() - startedAt
  const text = new TextDecoder().decode(bytes)
  return {
    status: response.status,
    statusText: response.statusText,
    ms,
    sizeBytes: bytes.byteLength,
    headers: [...response.headers],
    ...shownBody(text, response.headers.get('content-type') ?? ''),
  }
}

/** A body that reads as JSON is sent as such, unless a content type was typed. */
export function requestHeaders(draft: RequestDraft): [string, string][] {
  const headers = parseHeaders(draft.headers)
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type')
  if (!hasType && hasBody(draft.method) && /^\s*[[{]/.test(draft.body))
    headers.push(['content-type', 'application/json'])
  return headers
}

export function parseHeaders(text: string): [string, string][] {
  return text
    .split('\n')
    .filter((line) => line.includes(':'))
    .map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
    })
    .filter(([name]) => name.length > 0)
}

export function shownBody(text: string, contentType: string): Pick<Answer, 'text' | 'isJson' | 'isCut'> {
  const isCut = text.length > MAX_SHOWN_CHARS
  if (isCut) return { text: text.slice(0, MAX_SHOWN_CHARS), isJson: false, isCut }
  if (!/json/.test(contentType)) return { text, isJson: false, isCut }
  try {
    return { text: JSON.stringify(JSON.parse(text), null, 2), isJson: true, isCut }
  } catch {
    return { text, isJson: false, isCut }
  }
}

/** Colour of a status: 5xx and worse, 4xx, all others. */
export function toneOf(status: number): string {
  if (status >= 500) return 'text-crashed'
  return status >= 400 ? 'text-limited' : 'text-running'
}
