import type { FastifyInstance, FastifyRequest } from 'fastify'
import { systemClock } from '@m3m/base'
import type { ApiKeyScope } from '@m3m/core'
import type { ProjectData } from '@m3m/data'
import { bulkOperationSchema, MAX_BULK, recordDataSchema } from '@m3m/data/schema'
import { z } from 'zod'
import type { PanelDeps } from '../panel-deps.ts'
import { requestInput } from '../request-input.ts'
import { genericDocument, projectDocument } from './openapi.ts'
import { streamRecords } from './record-stream.ts'
import { createRestDoor } from './rest-caller.ts'
import { listQueryOf } from './rest-query.ts'
import { restErrors } from './rest.errors.ts'

const BASE = '/api/v1/projects/:slug/records/:model'
const bulkBody = z.strictObject({ operations: z.array(bulkOperationSchema).min(1).max(MAX_BULK) })

interface Named {
  Params: { slug: string; model: string; id: string }
}

/** REST for programs, by a key of the project: the same rules, parameters and errors as everywhere (wire.md). */
export function restRoutes(app: FastifyInstance, deps: PanelDeps): void {
  const { core, data } = deps
  const door = createRestDoor(core, systemClock)
  const tokenOf = (request: FastifyRequest) => requestInput(request.raw, deps.peerOf(request.raw)).token

  async function opened(request: FastifyRequest, scope: ApiKeyScope): Promise<ProjectData> {
    const { slug } = request.params as Named['Params']
    const { keyId, projectId } = await door.project(tokenOf(request), slug, scope)
    return data.project(projectId, { kind: 'apiKey', id: keyId })
  }

  app.get<Named>(BASE, async (request) => {
    const project = await opened(request, 'records:read')
    return project.records.list(request.params.model, listQueryOf(request.query as Record<string, unknown>))
  })
  app.get<Named>(`${BASE}/events`, async (request, reply) => {
    const { projectId } = await opened(request, 'records:read')
    const { slug: model } = await data
      .project(projectId, { kind: 'apiKey', id: '' })
      .models.get(request.params.model)
    reply.hijack()
    await streamRecords(reply.raw, {
      data,
      projectId,
      model,
      lastEventId: request.headers['last-event-id'] as string,
    })
  })
  app.get<Named>(`${BASE}/:id`, async (request) => {
    const project = await opened(request, 'records:read')
    const { fields, expand } = listQueryOf(request.query as Record<string, unknown>)
    return project.records.get(request.params.model, request.params.id, { fields, expand })
  })
  app.post<Named>(BASE, async (request, reply) => {
    const project = await opened(request, 'records:write')
    return reply
      .code(201)
      .send(
        await project.records.create(
          request.params.model,
          body(request, recordDataSchema, 'a JSON object of fields'),
        ),
      )
  })
  app.post<Named>(`${BASE}/bulk`, async (request) => {
    const project = await opened(request, 'records:write')
    const expected = `{"operations": […]} with 1 to ${MAX_BULK} writes`
    return project.records.bulk(request.params.model, body(request, bulkBody, expected).operations)
  })
  app.patch<Named>(`${BASE}/:id`, async (request) => {
    const project = await opened(request, 'records:write')
    const { version, ...fields } = body(request, recordDataSchema, 'a JSON object of fields')
    const expected = version === undefined ? {} : { version: Number(version) }
    return project.records.update(request.params.model, request.params.id, fields, expected)
  })
  app.delete<Named>(`${BASE}/:id`, async (request, reply) => {
    const project = await opened(request, 'records:write')
    await project.records.remove(request.params.model, request.params.id)
    return reply.code(204).send()
  })

  app.get('/api/v1/openapi.json', async (request) => {
    const token = tokenOf(request)
    if (token === null) return genericDocument()
    const { projectId, keyId } = await door.key(token, 'records:read')
    const project = await core.services.projects.find(projectId)
    if (!project) throw restErrors.REST_NO_KEY({})
    return projectDocument(
      project,
      await data.project(projectId, { kind: 'apiKey', id: keyId }).models.list(),
    )
  })
}

function body<T>(request: FastifyRequest, schema: z.ZodType<T>, expected: string): T {
  const parsed = schema.safeParse(request.body)
  if (!parsed.success) throw restErrors.REST_BODY({ expected })
  return parsed.data
}
