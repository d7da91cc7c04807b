/** A request as it crosses from the isolate. */
export interface OutboundRequest {
  method: string
  url: string
  headers: [string, string][]
  /** Text or bytes as they are, or parts of a form. */
  body?: string | Uint8Array | FormPart[]
  /** Milliseconds for all of it, redirects and retries included. Default 30,000. */
  timeoutMs?: number
  /** `follow` (default), `manual` gives the redirect itself, `error` refuses it. */
  redirect?: 'follow' | 'manual' | 'error'
  /** Default 5 (issue of the outbound guard); the original's scripts may name up to 20. */
  maxRedirects?: number
  /** Tries after the first one, for network failures and 502, 503, 504. Default 0, at most 5. */
  retries?: number
  /** `http://host:port` of a proxy. */
  proxy?: string
  /** Takes any certificate. */
  insecure?: boolean
}

export interface FormPart {
  name: string
  value: string | Uint8Array
  filename?: string
  type?: string
}

/** An answer as it crosses into the isolate. */
export interface OutboundAnswer {
  status: number
  statusText: string
  headers: [string, string][]
  /** After redirects. */
  url: string
  redirected: boolean
  body: Uint8Array
}

/** Largest answer that is brought into an isolate (runtime-api.md, "Limits"). */
export const MAX_ANSWER_BYTES = 50 * 1024 * 1024
/** Largest file that is downloaded into the storage. */
export const MAX_DOWNLOAD_BYTES = 1024 * 1024 * 1024
export const DEFAULT_TIMEOUT_MS = 30_000
export const MAX_TIMEOUT_MS = 300_000
export const DEFAULT_REDIRECTS = 5
export const MAX_REDIRECTS = 20
export const MAX_RETRIES = 5
