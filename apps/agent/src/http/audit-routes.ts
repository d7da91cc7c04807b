import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { exportAuditInput } from '@m3m/core/client'
import { httpErrors } from './http.errors.ts'
import type { PanelDeps } from './panel-deps.ts'
import { operatorOf } from './route-guard.ts'
import { disposition } from './stored-file.ts'

const TYPES = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson' } as const

/** `GET /files/audit?format=csv&action=…`: what the filters leave of the audit log, for who may see it. Streamed. */
export function auditRoutes(app: FastifyInstance, deps: PanelDeps): void {
  app.get<{ Querystring: Record<string, string> }>('/files/audit', async (request, reply) => {
    const input = exportAuditInput.safeParse(request.query)
    if (!input.success) {
      const { path, message } = input.error.issues[0]!
      throw httpErrors.HTTP_BODY({ reason: `${path.join('.')}: ${message}` })
    }
    const { format } = input.data
    return reply
      .headers({
        'content-type': TYPES[format],
        'content-disposition': disposition('attachment', `audit.${format}`),
        'cache-control': 'no-store',
      })
      .send(Readable.from(deps.core.services.audit.export(operatorOf(request), input.data)))
  })
}
