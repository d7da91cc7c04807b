import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { isId, logTime } from '@m3m/base'
import type { LogLine, RunLogs } from '@m3m/core'
import { z } from 'zod'
import { callerOf } from './caller.ts'
import { httpErrors } from './http.errors.ts'
import type { PanelDeps } from './panel-deps.ts'

const LOG_PAGE_LINES = 1000
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
      const lines = logLines(deps.runLogs, { projectId, runId })
      const first = await lines.next()
      if (first.done) throw httpErrors.HTTP_NO_LOG({ runId })
      const text = (async function* () {
        yield first.value
        yield* lines
      })()
      return reply
        .type('text/plain; charset=utf-8')
        .header('content-disposition', `attachment; filename="${runId}.log"`)
        .header('cache-control', 'no-store')
        .send(Readable.from(text))
    },
  )
}

/** The whole log in the form it has on disk, a page at a time: the reader sets the pace. */
async function* logLines(
  logs: RunLogs,
  of: { projectId: string; runId: string },
): AsyncGenerator<string, void> {
  let cursor: string | undefined
  for (;;) {
    const page = await logs.page({
      ...of,
      direction: 'forward',
      limit: LOG_PAGE_LINES,
      ...(cursor && { cursor }),
    })
    if (page.lines.length > 0) yield page.lines.map(asText).join('')
    if (page.after === undefined || page.after === cursor || page.lines.length === 0) return
    cursor = page.after
  }
}

const asText = ({ at, level, text }: LogLine): string =>
  `[${logTime(Date.parse(at))}] [${level.toUpperCase()}] ${text}\n`
