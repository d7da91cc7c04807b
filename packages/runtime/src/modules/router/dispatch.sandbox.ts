// From a request to its answer: match, middleware, handler, reply.
import { freeze } from '../../sandbox/intrinsics.ts'
import type { Kernel } from '../../sandbox/kernel.port.ts'
import { answer, type PendingRequest } from '../../sandbox/requests.ts'
import { HEADERS } from '../../sandbox/wire.contract.ts'
import { Context } from './context.sandbox.ts'
import { corsHeaders, preflight, type CorsOptions } from './cors.sandbox.ts'
import { failureOf } from './failure.sandbox.ts'
import { originalReply } from './original-answers.sandbox.ts'
import { RESPONSE_TOO_LARGE, asReply, Refusal, Reply, sendReply, sendValue } from './reply.sandbox.ts'
import { RouteTable, type Match } from './route-table.sandbox.ts'
import { openSocket, type SocketHandlers } from './sockets.sandbox.ts'
import { asWebReply } from './web-reply.sandbox.ts'

export type Handler = (ctx: Context) => unknown

interface Middleware {
  prefix: string
  handler: Handler
}

/** Where middleware is collected: the router itself and each group. */
export interface Scope {
  readonly parent: Scope | null
  readonly middleware: Middleware[]
}

/** What a route leads to. */
export interface Target {
  readonly handler: Handler | null
  readonly socket: SocketHandlers | null
  readonly scope: Scope
  /** Registered by `$router`: what is returned is answered as in the original. */
  readonly dollar: boolean
}

export const table = new RouteTable<Target>()
export const root: Scope = { parent: null, middleware: [] }
let middlewareCount = 0
let cors: CorsOptions | null = null
let failures = 0

export function setCors(options: CorsOptions): void {
  cors = options
}

export function addMiddleware(scope: Scope, prefix: string, handler: Handler): void {
  scope.middleware.push({ prefix: prefix.replace(/\/$/, ''), handler })
  middlewareCount++
}

/** Makes the handler of request items. */
export function createDispatch(kernel: Kernel): (request: PendingRequest) => void {
  const dispatcher = new Dispatcher(kernel)
  return (request) => dispatcher.dispatch(request)
}

class Dispatcher {
  readonly #kernel: Kernel
  readonly #maxBytes: number
  readonly #log: (text: string, error: unknown) => void

  constructor(kernel: Kernel) {
    this.#kernel = kernel
    this.#maxBytes = kernel.facts.limits.responseBodyBytes
    this.#log = (text, error) => kernel.log('error', `${text}: ${kernel.describe(error)}`)
  }

  dispatch(request: PendingRequest): void {
    const { method, url } = request.parts
    const mark = url.indexOf('?')
    const path = mark < 0 ? url : url.slice(0, mark)
    // A browser asks before it sends; `all` answers OPTIONS, too, but knows nothing of origins.
    const asked = cors && method === 'OPTIONS' ? preflight(request.parts.rawHeaders, cors) : null
    if (asked) return answer(request, { status: 204, headers: asked, body: '' })
    const match = found(method, path)
    if (!match) return refuse(request, path)
    request.route = match.route.index
    const ctx = new Context(request, path, paramsOf(match))
    if (cors) gatherCors(ctx, cors)
    const target = match.route.handler
    ctx.isOriginal = target.dollar
    if (middlewareCount > 0) return this.#throughMiddleware(request, ctx, target)
    if (target.socket) return openSocket(request, ctx, target.socket, this.#kernel.guard)
    this.#handle(request, ctx, target)
  }

  #handle(request: PendingRequest, ctx: Context, target: Target): void {
    try {
      const result = target.handler!(ctx)
      if (result instanceof Promise)
        result.then(
          (value) => this.#finish(request, ctx, target, value),
          (error) => this.#fail(request, ctx, error),
        )
      else this.#finish(request, ctx, target, result)
    } catch (error) {
      this.#fail(request, ctx, error)
    }
  }

  #finish(request: PendingRequest, ctx: Context, { dollar }: Pick<Target, 'dollar'>, value: unknown): void {
    if (request.answered) return
    try {
      const reply = asWebReply(value, this.#log) ?? replyOf(ctx, value, dollar)
      if (reply) sendReply(request, reply, ctx.gathered, this.#maxBytes)
      else sendValue(request, value, ctx.gathered, this.#maxBytes)
    } catch (error) {
      // Whatever a getter of the answer threw, null as well.
      const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
      if (code === RESPONSE_TOO_LARGE)
        this.#kernel.limited('responseBodyBytes', `${request.parts.method} ${ctx.path}: ${String(message)}`)
      this.#fail(request, ctx, error)
    }
  }

  #fail(request: PendingRequest, ctx: Context, error: unknown): void {
    if (request.answered) return
    const thrown = asThrownReply(error, this.#log)
    if (thrown) return this.#finish(request, ctx, { dollar: false }, thrown)
    const kernel = this.#kernel
    const requestId = `${kernel.facts.runId.slice(-8)}-${(++failures).toString(36)}`
    const what = `${request.parts.method} ${ctx.path} failed (request ${requestId})`
    const failure = failureOf(kernel, error)
    kernel.log(failure.level, `${what}: ${kernel.describe(error)}`)
    const body = JSON.stringify({ ...failure.body, requestId })
    const headers = ctx.gathered ? [...ctx.gathered, ...JSON_TYPE] : HEADERS.json
    answer(request, { status: failure.status, headers, body })
  }

  #throughMiddleware(request: PendingRequest, ctx: Context, target: Target): void {
    let opened = false
    const last = () => {
      if (!target.socket) return target.handler!(ctx)
      opened = true
      return openSocket(request, ctx, target.socket, this.#kernel.guard)
    }
    runChain(ctx, chainOf(target.scope, ctx.path), last, this.#log).then(
      (value) => {
        if (!opened) this.#finish(request, ctx, target, value)
      },
      (error) => this.#fail(request, ctx, error),
    )
  }
}

/** `/shop/` is `/shop`, unless there is a route of its own for it; a wildcard from further above is none. */
function found(method: string, path: string): Match<Target> | null {
  const match = table.find(method, path)
  if (!hasSlash(path) || (match && !isFromAbove(match))) return match
  const without = table.find(method, path.slice(0, -1))
  return without && !(match && without.route.takesRest) ? without : match
}

const hasSlash = (path: string): boolean => path.length > 1 && path.endsWith('/')
/** Of `/shop/`, `/shop/*rest` takes nothing but the slash, `/*rest` more. */
const isFromAbove = ({ route, values }: Match<Target>): boolean => route.takesRest && values.at(-1) !== ''

const JSON_TYPE = ['content-type', 'application/json; charset=utf-8']

/** No route: a preflight, another method, a socket nobody offers, or nothing at all. */
function refuse(request: PendingRequest, path: string): void {
  const { method } = request.parts
  const methods = [...table.methods(path), ...(hasSlash(path) ? table.methods(path.slice(0, -1)) : [])]
  const allow = ['allow', [...new Set([...methods, 'OPTIONS'])].sort().join(', ')]
  if (methods.length > 0 && method === 'OPTIONS')
    return answer(request, { status: 204, headers: allow, body: '' })
  if (method === 'WEBSOCKET')
    return answer(request, {
      status: methods.length > 0 ? 426 : 404,
      headers: HEADERS.json,
      body: '{"error":"There is no socket at this path."}',
    })
  if (methods.length === 0 && found('WEBSOCKET', path))
    return answer(request, {
      status: 426,
      headers: HEADERS.json,
      body: JSON.stringify({ error: `${path} is a WebSocket; connect to it by ws:// or wss://.` }),
    })
  const error = methods.length > 0 ? `${method} is not allowed here.` : `There is no route for ${path}.`
  const headers = methods.length > 0 ? [...allow, ...JSON_TYPE] : HEADERS.json
  answer(request, { status: methods.length > 0 ? 405 : 404, headers, body: JSON.stringify({ error }) })
}

function replyOf(ctx: Context, value: unknown, dollar: boolean): Reply | null {
  if (dollar) return originalReply(value, ctx.made, ctx.hasContentType)
  const reply = asReply(value)
  if (reply) return reply
  const { made } = ctx
  // A redirect or file made by the context wins over a bare value.
  if (made && (value === undefined || value === null || made.file || made.headers?.['location'])) return made
  return null
}

function asThrownReply(error: unknown, log: (text: string, error: unknown) => void): Reply | null {
  try {
    if (error instanceof Reply) return error
    const web = asWebReply(error, log)
    if (web) return web
    return error instanceof Refusal ? new Reply(error.status, { error: error.message }) : null
  } catch {
    // A proxy can throw even when it is only asked what it is.
    return null
  }
}

function chainOf(scope: Scope, path: string): Handler[] {
  const scopes: Scope[] = []
  for (let at: Scope | null = scope; at; at = at.parent) scopes.unshift(at)
  const below = (prefix: string) => prefix === '' || path === prefix || path.startsWith(`${prefix}/`)
  return scopes.flatMap((each) =>
    each.middleware.filter(({ prefix }) => below(prefix)).map(({ handler }) => handler),
  )
}

/** A middleware answers by a reply, stops by `false`, goes on by anything else; what comes after it runs once. */
async function runChain(
  ctx: Context,
  chain: readonly Handler[],
  last: () => unknown,
  log: (text: string, error: unknown) => void,
): Promise<unknown> {
  const from = async (at: number): Promise<unknown> => {
    if (at === chain.length) return await last()
    let after: Promise<unknown> | undefined
    const next = () => (after ??= from(at + 1))
    ctx.next = next
    const result = await chain[at]!(ctx)
    // `return ctx.next()` gives back what the handler did, which may be a body of `false`.
    const stops = result === false && (after === undefined || (await after) !== false)
    if (stops) return ctx.made ?? new Reply(403, { error: 'This request was refused.' })
    return asReply(result) ?? asWebReply(result, log) ?? (await next())
  }
  return await from(0)
}

const noParams: Record<string, string> = freeze({}) as Record<string, string>

function paramsOf({ route, values }: Match<Target>): Record<string, string> {
  if (values.length === 0) return route.names.length === 0 ? noParams : {}
  const params: Record<string, string> = {}
  for (let i = 0; i < values.length; i++) params[route.names[i]!] = values[i]!
  return params
}

function gatherCors(ctx: Context, options: CorsOptions): void {
  const headers = corsHeaders(ctx.headers['origin'], options)
  for (let i = 0; i < headers.length; i += 2) ctx.header(headers[i]!, headers[i + 1])
}
