import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, hasCode, isId } from '@m3m/base'
import { recordDataSchema, type DataRecord } from '@m3m/data/schema'
import type { PanelDeps } from '../panel-deps.ts'
import { formOf, isForm } from './record-form.ts'
import { streamRecords } from './record-stream.ts'
import { BASE, bodyOf, type Named, type RestProjects } from './rest-project.ts'
import { listQueryOf } from './rest-query.ts'
import { restErrors } from './rest.errors.ts'

const FIELDS = 'a JSON object of fields'

/** One record, and lists of them. */
export function recordRoutes(app: FastifyInstance, deps: PanelDeps, projects: RestProjects): void {
  app.get<Named>(BASE, async (request) => {
    const { data } = await projects.openModel(request)
    return data.records.list(request.params.model, listQueryOf(queryOf(request)))
  })
  app.get<Named>(`${BASE}/events`, async (request, reply) => {
    const { caller, model } = await projects.openModel(request)
    const recordId = recordIn(request)
    // Only the heading was asked for: a stream would never end.
    if (request.method === 'HEAD') return reply.type('text/event-stream; charset=utf-8').send()
    reply.hijack()
    await streamRecords(reply.raw, {
      data: deps.data,
      projectId: caller.projectId,
      model: model.slug,
      recordId,
      lastEventId: request.headers['last-event-id'] as string,
    })
    return reply
  })
  app.get<Named>(`${BASE}/:id`, async (request) => {
    const { data } = await projects.openModel(request)
    const { fields, expand } = listQueryOf(queryOf(request))
    return data.records.get(request.params.model, request.params.id, { fields, expand })
  })
  writeRoutes(app, deps, projects)
}

function writeRoutes(app: FastifyInstance, deps: PanelDeps, projects: RestProjects): void {
  app.post<Named>(BASE, async (request, reply) => {
    const { data, model, caller } = await projects.openModel(request)
    const create = (fields: Record<string, unknown>) => data.records.create(model.slug, fields)
    const record = isForm(request)
      ? await formOf(request, { deps, projectId: caller.projectId, model }).use(({ set }) => create(set))
      : await create(bodyOf(request, recordDataSchema, FIELDS))
    return reply.code(201).send(record)
  })
  // Changes the first record that the filter finds, or makes one.
  app.put<Named>(BASE, async (request) => {
    const { data } = await projects.openModel(request)
    const { filter } = listQueryOf(queryOf(request))
    if (filter === undefined || filter === '')
      throw restErrors.REST_QUERY({ parameter: 'filter', problem: 'it says which record is meant' })
    return data.records.upsert(request.params.model, filter, bodyOf(request, recordDataSchema, FIELDS))
  })
  app.patch<Named>(`${BASE}/:id`, async (request, reply) => {
    const { data, model, caller } = await projects.openModel(request)
    const { id } = request.params
    const change = async ({ version, ...fields }: Record<string, unknown>) =>
      data.records.update(model.slug, id, fields, versionOf(request, version))
    const current = () => data.records.get(model.slug, id)
    if (!isForm(request))
      return orCurrent(reply, current, () => change(bodyOf(request, recordDataSchema, FIELDS)))
    const form = formOf(request, { deps, projectId: caller.projectId, model })
    return orCurrent(reply, current, () =>
      form.use(({ set, push }) => change(push ? { $set: set, $push: push } : set)),
    )
  })
  app.delete<Named>(`${BASE}/:id`, async (request, reply) => {
    const { data, model } = await projects.openModel(request)
    const { id } = request.params
    const { version } = queryOf(request)
    const remove = () => data.records.remove(model.slug, id, versionOf(request, version))
    const refused = await orCurrent(reply, () => data.records.get(model.slug, id), remove)
    return refused === undefined ? reply.code(204).send() : refused
  })
}

function queryOf(request: FastifyRequest): Record<string, unknown> {
  return request.query as Record<string, unknown>
}

/** `record` of a stream: the one whose changes are wanted, there or not yet. @throws REST_QUERY */
function recordIn(request: FastifyRequest): string | undefined {
  const { record } = queryOf(request)
  if (record === undefined || (typeof record === 'string' && isId(record))) return record
  throw restErrors.REST_QUERY({
    parameter: 'record',
    problem: 'it is the id of a record, 24 hexadecimal digits',
  })
}

/** The version that was read: `version` in the body or query, or `if-match` (RFC 9110 §13.1.1). @throws REST_VERSION */
function versionOf(request: FastifyRequest, given: unknown): { version?: number } {
  const asked = given ?? request.headers['if-match']?.replaceAll('"', '')
  if (asked === undefined || asked === null || asked === '*') return {}
  const version = Number(asked)
  if (!Number.isSafeInteger(version) || version < 1)
    throw restErrors.REST_VERSION({ version: String(asked).slice(0, 50) })
  return { version }
}

/** A change that came too late is answered with the record as it is now beside the error, so that it can be merged. */
async function orCurrent<T>(
  reply: FastifyReply,
  current: () => Promise<DataRecord>,
  change: () => Promise<T>,
): Promise<T | { error: object; current: DataRecord }> {
  try {
    return await change()
  } catch (error) {
    if (!(error instanceof AppError) || !hasCode(error, 'RECORD_CHANGED')) throw error
    const record = await current().catch(() => null)
    if (!record) throw error
    void reply.code(error.status)
    return { error: error.toShape(), current: record }
  }
}
