import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { systemClock } from '@m3m/base'
import type { SignedIn } from '@m3m/core'
import { callerOf } from './caller.ts'
import type { PanelDeps } from './panel-deps.ts'
import { requestInput } from './request-input.ts'
import { createRestDoor, rateHeaders, type RestCaller } from './rest/rest-caller.ts'
import { ROUTE_RIGHTS, type RouteNeed } from './route-rights.ts'

/** A refused body up to this long is read to its end, so that the connection can be used again. */
const SHORT_BODY_BYTES = 64 * 1024

type Rights = Readonly<Record<string, RouteNeed>>

const operators = new WeakMap<FastifyRequest, SignedIn>()
const programs = new WeakMap<FastifyRequest, RestCaller>()

/** Who was let in by an `operator` line of the table. */
export function operatorOf(request: FastifyRequest): SignedIn {
  const operator = operators.get(request)
  if (!operator) throw new Error(`${routeOf(request)} is not for operators in route-rights.ts`)
  return operator
}

/** Which program was let in by a `key` line of the table; `null` where none is needed and none came. */
export function programOf(request: FastifyRequest): RestCaller | null {
  return programs.get(request) ?? null
}

/**
 * The one authorisation layer of HTTP: every route is looked up in the table, and whoever may not use it is refused
 * before its body is read. What takes long ends with the sign-in or the key by which it began.
 *
 * Register it before any route.
 */
export function guardRoutes(app: FastifyInstance, deps: PanelDeps, rights: Rights = ROUTE_RIGHTS): void {
  const door = createRestDoor(deps.core, systemClock)
  demandEntries(app, rights)
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) return
    const need = needOf(rights, request.method, request.routeOptions.url!)
    if (!need) throw new Error(`${routeOf(request)} has no entry in route-rights.ts`)
    try {
      await admit(request, reply, need)
    } catch (error) {
      if (hasLongBody(request)) void reply.header('connection', 'close')
      throw error
    }
  })

  async function admit(request: FastifyRequest, reply: FastifyReply, need: RouteNeed): Promise<void> {
    if ('open' in need) return
    if ('operator' in need) {
      const { actor, ended } = await callerOf(request, deps).admit(need.operator, request.params)
      operators.set(request, actor!)
      return cutOff(reply, ended)
    }
    const { token } = requestInput(request.raw, deps.peerOf(request.raw))
    if (token === null && need.orNone) return
    const { slug } = request.params as { slug?: string }
    const program =
      slug === undefined ? await door.key(token, need.key) : await door.project(token, slug, need.key)
    void reply.headers(rateHeaders(program.rate))
    programs.set(request, program)
    cutOff(reply, program.ended)
  }
}

/** @throws an Error at start: for a route without an entry at once, for an entry of no route when all are there */
function demandEntries(app: FastifyInstance, rights: Rights): void {
  const unused = new Set(Object.keys(rights))
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) {
      const entry = entryOf(rights, one, url)
      if (!entry) throw new Error(`The route ${one} ${url} has no entry in route-rights.ts`)
      unused.delete(entry)
    }
  })
  app.addHook('onReady', async () => {
    if (unused.size > 0) throw new Error(`route-rights.ts has entries of no route: ${[...unused].join(', ')}`)
  })
}

function entryOf(rights: Rights, method: string, url: string): string | undefined {
  const own = `${method === 'HEAD' ? 'GET' : method} ${url}`
  return [own, `* ${url}`].find((entry) => Object.hasOwn(rights, entry))
}

function needOf(rights: Rights, method: string, url: string): RouteNeed | undefined {
  const entry = entryOf(rights, method, url)
  return entry === undefined ? undefined : rights[entry]
}

/** A download or an upload under way does not outlive the right by which it began. */
function cutOff({ raw }: FastifyReply, ended: AbortSignal): void {
  const cut = () => raw.destroy()
  ended.addEventListener('abort', cut, { once: true })
  raw.once('close', () => ended.removeEventListener('abort', cut))
}

function hasLongBody({ headers }: FastifyRequest): boolean {
  return 'transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > SHORT_BODY_BYTES
}

const routeOf = ({ method, routeOptions }: FastifyRequest) => `${method} ${routeOptions.url ?? '?'}`
