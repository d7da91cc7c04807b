import { compose, type Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isId } from '@m3m/base'
import { z } from 'zod'
import { httpErrors } from './http.errors.ts'
import type { PanelDeps } from './panel-deps.ts'
import { operatorOf } from './route-guard.ts'

const ticketsInput = z.object({
  paths: z
    .array(z.string().regex(/^\/files\/[\w./-]{1,500}$/))
    .min(1)
    .max(200),
})

/** Bytes that are no API calls: logs to download, and the tickets by which a browser may fetch by itself. */
export function fileRoutes(app: FastifyInstance, deps: PanelDeps): void {
  app.post('/files/tickets', async (request) => {
    const input = ticketsInput.safeParse(request.body)
    if (!input.success) throw httpErrors.HTTP_BODY({ reason: input.error.issues[0]!.message })
    const { userId, sessionId } = operatorOf(request)
    return { urls: input.data.paths.map((path) => deps.tickets.sign(path, { userId, sessionId })) }
  })

  app.get('/files/logs/agent', async (request, reply) => {
    const log = await deps.agentLogs.download()
    if (!log) throw httpErrors.HTTP_NO_LOG({ runId: 'agent' })
    return sendLog(reply, { stream: log.stream, name: 'm3m-agent', isPacked: wantsGzip(request) })
  })

  app.get<{ Params: { projectId: string; runId: string } }>(
    '/files/logs/:projectId/:runId',
    async (request, reply) => {
      const { projectId, runId } = request.params
      if (!isId(runId)) throw httpErrors.HTTP_NO_LOG({ runId })
      const log = await deps.runLogs.download(projectId, runId)
      if (!log) throw httpErrors.HTTP_NO_LOG({ runId })
      const { slug } = await deps.core.services.moving.describe(projectId)
      return sendLog(reply, { stream: log.stream, name: `${slug}-${runId}`, isPacked: wantsGzip(request) })
    },
  )
}

/** `?format=gz` asks for it packed: a log of 50 MB is 3 MB then. */
const wantsGzip = (request: FastifyRequest): boolean =>
  (request.query as { format?: unknown } | undefined)?.format === 'gz'

function sendLog(
  reply: FastifyReply,
  { stream, name, isPacked }: { stream: Readable; name: string; isPacked: boolean },
): FastifyReply {
  const file = isPacked ? `${name}.log.gz` : `${name}.log`
  void reply
    .type(isPacked ? 'application/gzip' : 'text/plain; charset=utf-8')
    .header('content-disposition', `attachment; filename="${file}"`)
    .header('cache-control', 'no-store')
  // A reader that leaves ends both; an error of the file ends the answer.
  return reply.send(isPacked ? compose(stream, createGzip()) : stream)
}
