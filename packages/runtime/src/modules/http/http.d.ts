// oxlint-disable typescript/no-explicit-any -- only the author knows what an answer holds; `unknown` would mark every use of it red in JavaScript
/** How to ask. */
interface HttpOptions {
  headers?: Record<string, string>
  /** Added to the URL. */
  query?: string | Record<string, unknown>
  /** A text, bytes, or a value sent as JSON. */
  body?: any
  /** A value sent as JSON, also a text. */
  json?: any
  /** Sent URL-encoded. */
  form?: Record<string, unknown>
  /** Sent as multipart. */
  multipart?: Record<string, HttpFormValue | HttpFormValue[]>
  /** Milliseconds or `'5s'` for everything, redirects and retries included; default 30 seconds, most 5 minutes. */
  timeout?: number | string
  /** Default `'follow'`; `'manual'` gives the redirect itself, `'error'` refuses it. */
  redirect?: 'follow' | 'manual' | 'error'
  /** Default 5, at most 20. */
  maxRedirects?: number
  /** Tries after the first for failures of the network and 502, 503, 504; not for POST and PATCH. Default 0, at most 5. */
  retries?: number
  /** `http://host:port`. */
  proxy?: string
  basicAuth?: { user: string; pass: string }
  bearerToken?: string
  /** Takes any certificate; for machines of one's own. */
  skipTLSVerify?: boolean
  /** What `body` of the answer is; default its text. */
  as?: 'text' | 'json' | 'bytes'
}
type HttpFormValue =
  | string
  | number
  | boolean
  | Uint8Array
  | { value?: string; filename?: string; content?: string | Uint8Array; type?: string }

/** An answer, whatever its status. */
interface HttpResponse {
  status: number
  /** A status from 200 to 299. */
  ok: boolean
  statusText: string
  /** Found in any case: `headers['content-type']`. */
  headers: Record<string, string>
  /** After redirects. */
  url: string
  redirected: boolean
  /** Text, or what `as` asked for. */
  body: any
  /** The body as JSON. @throws HTTP_JSON_INVALID */
  json(): any
  text(): string
  bytes(): Uint8Array
}

/**
 * Requests to the outside. An answer of any status is an answer; only what brings none throws. The `$` spelling never
 * throws: `{ status: 0, statusText }` says why. Addresses of the machine and of private networks are refused unless an
 * operator allows them. An answer may be 50 MB.
 *
 * Errors: HTTP_FAILED, HTTP_TIMEOUT, HTTP_TOO_LARGE, HTTP_TOO_MANY_REDIRECTS, HTTP_URL_INVALID, HTTP_OPTION_INVALID,
 * OUTBOUND_REFUSED, OUTBOUND_UNKNOWN_HOST.
 */
interface HttpModule {
  get(url: string, options?: HttpOptions): Promise<HttpResponse>
  delete(url: string, options?: HttpOptions): Promise<HttpResponse>
  /** Status and headers alone. */
  head(url: string, options?: HttpOptions): Promise<HttpResponse>
  options(url: string, options?: HttpOptions): Promise<HttpResponse>
  /**
   * With a body and options, or with options alone (`{ json: … }`). A text is sent as text, bytes as bytes, anything else
   * as JSON; the `$` spelling sends everything as JSON, as the original did.
   */
  post(url: string, body?: any, options?: HttpOptions): Promise<HttpResponse>
  post(url: string, options: HttpOptions): Promise<HttpResponse>
  /** As `post`. */
  put(url: string, body?: any, options?: HttpOptions): Promise<HttpResponse>
  put(url: string, options: HttpOptions): Promise<HttpResponse>
  /** As `post`. */
  patch(url: string, body?: any, options?: HttpOptions): Promise<HttpResponse>
  patch(url: string, options: HttpOptions): Promise<HttpResponse>
  /** Any method, by the option `method` (default GET). */
  request(url: string, options?: HttpOptions & { method?: string }): Promise<HttpResponse>
  /** A form with files (multipart). `content` of a file is base64 or bytes. */
  postForm(
    url: string,
    fields: Record<string, HttpFormValue | HttpFormValue[]>,
    options?: HttpOptions,
  ): Promise<HttpResponse>
  /** A form as browsers send it without files. */
  postFormURLEncoded(
    url: string,
    fields: Record<string, unknown>,
    options?: HttpOptions,
  ): Promise<HttpResponse>
  /**
   * Brings a file of up to 1 GB into the storage, without its passing through the service. `body` of the answer is the path.
   * @throws HTTP_STATUS when the status is not 200 to 299 (the `$` spelling saves it all the same), STORAGE_*
   */
  download(url: string, storagePath: string, options?: HttpOptions): Promise<HttpResponse>
}
