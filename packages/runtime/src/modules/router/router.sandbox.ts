import type { Kernel } from '../../sandbox/kernel.port.ts'
import type { SandboxRoom } from '../../sandbox/lane.ts'
import { operate } from '../../sandbox/outbox.ts'
import { handleRequests } from '../../sandbox/turn.ts'
import { OP } from '../../sandbox/wire.contract.ts'
import { fileReply, redirect } from './context.sandbox.ts'
import { readCors } from './cors.sandbox.ts'
import {
  addMiddleware,
  createDispatch,
  root,
  setCors,
  table,
  type Handler,
  type Scope,
} from './dispatch.sandbox.ts'
import { Reply } from './reply.sandbox.ts'
import type { SocketHandlers } from './sockets.sandbox.ts'
import { sseReply, streamReply, type Send } from './streams.sandbox.ts'
import { handlerOf, type FetchService } from './web-reply.sandbox.ts'

let connected = false

export const room: SandboxRoom = (lane, kernel) => {
  if (!connected) {
    connected = true
    handleRequests(createDispatch(kernel))
  }
  const failed = (text: string, error: unknown) => kernel.log('error', `${text}: ${kernel.describe(error)}`)
  const own = members(kernel, root, '', lane.kind === 'dollar')
  return {
    ...own,
    serve: (service: unknown) => {
      const served = typeof service === 'function' ? { fetch: service } : service
      if (typeof (served as FetchService | null)?.fetch !== 'function')
        throw invalid(
          kernel,
          'router.serve',
          'a function (request, env, ctx), or an object with such a fetch',
        )
      const handler = handlerOf(served as FetchService, failed)
      for (const path of ['/', '/*rest'])
        (own['all'] as (path: string, handler: Handler) => void)(path, handler)
    },
    cors: (options?: Record<string, unknown>) => setCors(readCors(options, lane.kind === 'dollar')),
    response: (status: number, body?: unknown, headers?: Record<string, unknown>) => {
      if (!Number.isInteger(status) || status < 100 || status > 599)
        throw kernel.error(
          'SERVICE_ARGUMENT_INVALID',
          `"router.response" expects a status of 100 to 599, not ${typeof status === 'string' ? JSON.stringify(status) : String(status)}.`,
        )
      return new Reply(status, body, headers)
    },
    redirect,
    file: fileReply,
    stream: (
      source: Iterable<unknown>,
      options: { status?: number; headers?: Record<string, unknown> } = {},
    ) => streamReply(source, options, failed),
    sse: (run: (send: Send, closed: unknown) => unknown) => sseReply(run, failed),
  }
}

/** What router and groups have in common. */
function members(kernel: Kernel, scope: Scope, prefix: string, dollar: boolean): Record<string, unknown> {
  const register = (method: string, what: string) => (path: unknown, handler: unknown) => {
    if (typeof handler !== 'function') throw invalid(kernel, `router.${what}`, 'a path and a function')
    addRoute(kernel, method, joinPath(prefix, path), {
      handler: handler as Handler,
      socket: null,
      scope,
      dollar,
    })
  }
  return {
    get: register('GET', 'get'),
    post: register('POST', 'post'),
    put: register('PUT', 'put'),
    patch: register('PATCH', 'patch'),
    delete: register('DELETE', 'delete'),
    head: register('HEAD', 'head'),
    options: register('OPTIONS', 'options'),
    all: register('*', 'all'),
    use: (...args: unknown[]) => {
      const handler = args.pop()
      if (typeof handler !== 'function')
        throw invalid(kernel, 'router.use', 'an optional prefix and a function')
      addMiddleware(scope, args.length > 0 ? joinPath(prefix, args[0]) : '', handler as Handler)
    },
    group: (path: unknown, build: unknown) => {
      if (typeof build !== 'function') throw invalid(kernel, 'router.group', 'a prefix and a function')
      const inner: Scope = { parent: scope, middleware: [] }
      ;(build as (group: object) => void)(members(kernel, inner, joinPath(prefix, path), dollar))
    },
    websocket: (path: unknown, handlers: unknown) => {
      if (typeof handlers !== 'object' || handlers === null)
        throw invalid(kernel, 'router.websocket', 'a path and { open, message, close }')
      const socket = handlers as SocketHandlers
      addRoute(kernel, 'WEBSOCKET', joinPath(prefix, path), { handler: null, socket, scope, dollar })
    },
  }
}

function addRoute(
  kernel: Kernel,
  method: string,
  path: string,
  target: Parameters<typeof table.add>[2],
): void {
  const { maxRoutes } = kernel.facts.limits
  if (table.size >= maxRoutes) {
    kernel.limited('maxRoutes', `${method} ${path} was not registered: there are ${maxRoutes} routes.`)
    throw kernel.error('SERVICE_LIMIT_REACHED', `The limit of ${maxRoutes} routes is reached.`)
  }
  try {
    const route = table.add(method, path, target)
    operate(OP.route, route.index, method === '*' ? 'ALL' : method, path.slice(0, 200))
  } catch (error) {
    throw kernel.error(
      'ROUTER_PATTERN_INVALID',
      `The path "${path}" is not valid: ${(error as Error).message}.`,
    )
  }
}

function joinPath(prefix: string, path: unknown): string {
  const text = String(path ?? '')
  const tail = text === '' || text.startsWith('/') ? text : `/${text}`
  const joined = prefix + (tail === '/' && prefix !== '' ? '' : tail)
  return joined === '' ? '/' : joined
}

function invalid(kernel: Kernel, call: string, expected: string): Error {
  return kernel.error('SERVICE_ARGUMENT_INVALID', `"${call}" expects ${expected}.`)
}
