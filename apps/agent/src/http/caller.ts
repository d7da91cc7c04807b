import type { FastifyRequest } from 'fastify'
import type { RequestContext } from '@m3m/core'
import { httpErrors } from './http.errors.ts'
import type { PanelDeps } from './panel-deps.ts'
import { requestInput } from './request-input.ts'

/**
 * The request's context for file routes: by bearer token, or by a ticket for exactly this path. A ticket stands in an
 * address, which is copied and logged: it reads, whatever its operator may do.
 *
 * @throws HTTP_TICKET
 */
export function callerOf(request: FastifyRequest, deps: PanelDeps): RequestContext {
  const input = requestInput(request.raw, deps.peerOf(request.raw))
  const ticket = (request.query as { ticket?: unknown }).ticket
  const reads = request.method === 'GET' || request.method === 'HEAD'
  if (input.token !== null || ticket === undefined || !reads) return deps.core.createContext(input)
  const path = request.url.split('?', 1)[0]!
  const claims = typeof ticket === 'string' ? deps.tickets.verify(path, ticket) : null
  if (!claims) throw httpErrors.HTTP_TICKET({})
  // A token of one minute in the name of the ticket's sign-in: from here on there is one way of checking.
  const token = deps.tokens.sign(claims, new Date(Date.now() + 60_000))
  return deps.core.createContext({ ...input, token })
}
