// WHATWG Fetch, "CORS protocol".

export interface CorsOptions {
  readonly origins: readonly string[] | '*'
  readonly methods: readonly string[]
  readonly headers: readonly string[] | null
  readonly exposeHeaders: readonly string[]
  readonly credentials: boolean
  /** Seconds a preflight may be remembered. */
  readonly maxAge: number
}

/** Checked options. `dollar`: credentials are on for listed origins, as in the original. */
export function readCors(given: Record<string, unknown> = {}, dollar = false): CorsOptions {
  const origins = given['origins'] ?? given['origin'] ?? '*'
  const list = origins === '*' ? '*' : listOf(origins)
  const open = list === '*' || list.includes('*')
  return {
    origins: open ? '*' : list,
    methods: listOf(given['methods'] ?? ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']),
    headers: given['headers'] === undefined ? null : listOf(given['headers']),
    exposeHeaders: listOf(given['exposeHeaders'] ?? []),
    credentials: !open && (given['credentials'] === undefined ? dollar : given['credentials'] === true),
    maxAge: Number(given['maxAge'] ?? 600),
  }
}

function listOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : String(value).split(','))
    .map((each) => String(each).trim())
    .filter(Boolean)
}

/** Headers for an answer to a request from `origin`; empty when there is none, or it is not allowed. */
export function corsHeaders(origin: string | undefined, options: CorsOptions): string[] {
  if (!origin) return []
  const { origins, credentials, exposeHeaders } = options
  if (origins !== '*' && !origins.includes(origin)) return ['vary', 'Origin']
  const headers = ['access-control-allow-origin', origins === '*' ? '*' : origin]
  if (origins !== '*') headers.push('vary', 'Origin')
  if (credentials) headers.push('access-control-allow-credentials', 'true')
  if (exposeHeaders.length > 0) headers.push('access-control-expose-headers', exposeHeaders.join(', '))
  return headers
}

/** Headers of the answer to a preflight; null when the request is none. */
export function preflight(rawHeaders: readonly string[], options: CorsOptions): string[] | null {
  const header = (name: string) => {
    for (let i = 0; i < rawHeaders.length; i += 2)
      if (rawHeaders[i]!.toLowerCase() === name) return rawHeaders[i + 1]
    return undefined
  }
  const origin = header('origin')
  if (!origin || !header('access-control-request-method')) return null
  const headers = corsHeaders(origin, options)
  if (headers[0] !== 'access-control-allow-origin') return headers
  const wanted = options.headers?.join(', ') ?? header('access-control-request-headers') ?? ''
  headers.push('access-control-allow-methods', options.methods.join(', '))
  if (wanted) headers.push('access-control-allow-headers', wanted)
  headers.push('access-control-max-age', String(options.maxAge))
  return headers
}
