import type { FastifyInstance } from 'fastify'
import type { PanelDeps } from '../panel-deps.ts'
import { programOf } from '../route-guard.ts'
import { mcpErrors } from './mcp.errors.ts'

/**
 * The door for AI assistants: Model Context Protocol over Streamable HTTP, without sessions, by a key of one
 * project with the scope `mcp`. It reads; nothing is written through it.
 */
export function mcpRoutes(app: FastifyInstance, deps: PanelDeps): void {
  app.post('/mcp', async (request, reply) => {
    const { projectId, keyId } = programOf(request)!
    // Only now: the protocol's library is no small one, and most agents are never asked.
    const { serveMcp } = await import('./mcp-server.ts')
    reply.hijack()
    await serveMcp(
      { core: deps.core, data: deps.data, projectId, keyId },
      request.raw,
      reply.raw,
      request.body,
    )
  })
  // Without sessions there is no stream to open and none to end (specification 2025-06-18, Transports).
  app.route({
    method: ['GET', 'DELETE'],
    url: '/mcp',
    handler: (request) => {
      throw mcpErrors.MCP_METHOD({ method: request.method })
    },
  })
}
