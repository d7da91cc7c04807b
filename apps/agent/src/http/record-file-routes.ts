import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { exportRecordsInput, startImportInput } from '@m3m/core/client'
import type { z } from 'zod'
import { httpErrors } from './http.errors.ts'
import type { PanelDeps } from './panel-deps.ts'
import { operatorOf } from './route-guard.ts'
import { disposition } from './stored-file.ts'

type OfModel = { Params: { projectId: string; model: string }; Querystring: Record<string, string> }

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
} as const

/**
 * Records as files, streamed: `GET /files/records/{projectId}/{model}?format=csv&filter=…` (also by ticket, so
 * that a browser writes it to disk as it comes) and `POST` of a file to the same address, which answers with the
 * job as soon as the file is there.
 */
export function recordFileRoutes(app: FastifyInstance, deps: PanelDeps): void {
  const { records, recordImports } = deps.core.services
  // Bodies are read by the handler as they come.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _body, done) => done(null))

  app.get<OfModel>('/files/records/:projectId/:model', async (request, reply) => {
    const { projectId, model } = request.params
    const { ticket: _ticket, ...query } = request.query
    const input = parsed(exportRecordsInput, { projectId, model, ...query })
    const pieces = records.export(operatorOf(request), input)
    // The first piece tells whether the query can be answered; from then on the answer is under way.
    const first = await pieces.next()
    const { slug } = await deps.core.services.moving.describe(projectId)
    void reply.headers({
      'content-type': TYPES[input.format],
      'content-disposition': disposition('attachment', `${slug}-${model}.${input.format}`),
      'cache-control': 'no-store',
    })
    return reply.send(Readable.from(begun(first, pieces)))
  })

  app.post<OfModel>('/files/records/:projectId/:model', async (request, reply) => {
    const { projectId, model } = request.params
    try {
      const options = optionsIn(request.query)
      const asked = { projectId, model, fileName: request.query['name'] ?? 'file', content: '', ...options }
      const {
        content: _content,
        fileName,
        projectId: _project,
        model: _model,
        ...rest
      } = parsed(startImportInput, asked)
      return await recordImports.start(
        operatorOf(request),
        { projectId, model },
        { source: request.raw, name: fileName, options: rest },
      )
    } catch (error) {
      // The rest of the body is not waited for.
      void reply.header('connection', 'close')
      throw error
    }
  })
}

function parsed<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const { path, message } = result.error.issues[0]!
  throw httpErrors.HTTP_BODY({ reason: `${path.join('.') || 'the query'}: ${message}` })
}

function optionsIn({ options = '{}' }: Record<string, string>): object {
  try {
    const value: unknown = JSON.parse(options)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Said below.
  }
  throw httpErrors.HTTP_BODY({ reason: 'options: a JSON object is expected' })
}

async function* begun(
  first: IteratorResult<string, unknown>,
  rest: AsyncGenerator<string>,
): AsyncGenerator<string> {
  try {
    if (!first.done) yield first.value
    yield* rest
  } finally {
    await rest.return(undefined)
  }
}
