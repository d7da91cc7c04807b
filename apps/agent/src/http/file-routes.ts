import type { FastifyInstance } from 'fastify'
import { isId } from '@m3m/base'
import { z } from 'zod'
import { callerOf } from './caller.ts'
import { httpErrors } from './http.errors.ts'
import type { PanelDeps } from './panel-deps.ts'

const ticketsInput = z.object({
  paths: z
    .array(z.string().regex(/^\/files\/[\w./-]{1,500}$/))
    .min(1)
    .max(200),
})

/** Bytes that are no API calls: logs to download, and the tickets by which a browser may fetch by itself. */
export function fileRoutes(app: FastifyInstance, deps: PanelDeps): void {
  app.post('/files/tickets', async (request) => {
    const context = callerOf(request, deps)
    const { actor } = await context.admit('signed-in', undefined)
    const input = ticketsInput.safeParse(request.body)
    if (!input.success) throw httpErrors.HTTP_BODY({ reason: input.error.issues[0]!.message })
    const { userId, sessionId } = actor!
    return { urls: input.data.paths.map((path) => deps.tickets.sign(path, { userId, sessionId })) }
  })

  app.get<{ Params: { projectId: string; runId: string } }>(
    '/files/logs/:projectId/:runId',
    async (request, reply) => {
      const { projectId, runId } = request.params
      await callerOf(request, deps).admit({ project: 'view' }, { projectId })
      if (!isId(runId)) throw httpErrors.HTTP_NO_LOG({ runId })
      const log = await deps.runLogs.download(projectId, runId)
      if (!log) throw httpErrors.HTTP_NO_LOG({ runId })
      return reply
        .type('text/plain; charset=utf-8')
        .header('content-disposition', `attachment; filename="${runId}.log"`)
        .header('cache-control', 'no-store')
        .send(log.stream)
    },
  )
}
