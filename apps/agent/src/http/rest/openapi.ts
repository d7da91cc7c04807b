import { aggregateSchema, type Model } from '@m3m/data/schema'
import { z } from 'zod'
import { AGENT_VERSION } from '../../version.ts'
import { inPath } from './openapi-parts.ts'
import { batchPath, modelPaths } from './openapi-paths.ts'
import { RUN_SCHEMAS, runPaths } from './openapi-run-paths.ts'
import { anyModelSchemas, type Json, modelSchemas } from './openapi-schemas.ts'

/** OpenAPI 3.1 of any project: what a reader without a key may know. */
export function genericDocument(): Json {
  const parameters = [inPath('slug'), inPath('model')]
  const paths = {
    ...modelPaths({ base: '/api/v1/projects/{slug}/records/{model}', name: 'record', parameters }),
    ...batchPath('/api/v1/projects/{slug}', [inPath('slug')]),
    ...runPaths('/api/v1/projects/{slug}', [inPath('slug')]),
  }
  return document('m3m for programs', paths, anyModelSchemas())
}

/** OpenAPI 3.1 of one project: its models with their fields, its runs and goals. */
export function projectDocument(project: { name: string; slug: string }, models: readonly Model[]): Json {
  const root = `/api/v1/projects/${project.slug}`
  const paths = models.map(({ slug }) =>
    modelPaths({ base: `${root}/records/${slug}`, name: slug, parameters: [] }),
  )
  return document(
    project.name,
    Object.assign({}, ...paths, batchPath(root, []), runPaths(root, [])) as Json,
    Object.assign({}, ...models.map(modelSchemas)) as Json,
  )
}

function document(title: string, paths: Json, schemas: Json): Json {
  return {
    openapi: '3.1.0',
    info: { title, version: AGENT_VERSION },
    servers: [{ url: '/' }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'A key of the project: m3m_…' },
      },
      headers: {
        'ratelimit-limit': { description: 'requests a minute', schema: { type: 'integer' } },
        'ratelimit-remaining': { description: 'requests that may come at once', schema: { type: 'integer' } },
        'ratelimit-reset': { description: 'seconds until all of them may', schema: { type: 'integer' } },
      },
      schemas: { ...schemas, ...SHARED, ...RUN_SCHEMAS },
    },
  }
}

/** The values that a message names, for who words it anew. */
const PARAMS: Json = { type: 'object', additionalProperties: { type: ['string', 'number'] } }

const ERROR: Json = {
  type: 'object',
  required: ['code', 'blame', 'status', 'message'],
  properties: {
    code: { type: 'string' },
    blame: { enum: ['user', 'host', 'bug'] },
    status: { type: 'integer' },
    message: { type: 'string' },
    params: PARAMS,
    fields: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['code', 'message'],
        properties: { code: { type: 'string' }, message: { type: 'string' }, params: PARAMS },
      },
    },
    position: {
      type: 'object',
      properties: { file: { type: 'string' }, line: { type: 'integer' }, column: { type: 'integer' } },
    },
  },
}

const RESULT: Json = {
  oneOf: [
    {
      type: 'object',
      required: ['ok', 'record'],
      properties: { ok: { const: true }, record: { type: ['object', 'null'] } },
    },
    { type: 'object', required: ['ok', 'error'], properties: { ok: { const: false }, error: ERROR } },
  ],
}

/** Names with a dot: no model has one. */
const SHARED: Json = {
  'm3m.Error': { type: 'object', required: ['error'], properties: { error: ERROR } },
  'm3m.Conflict': {
    type: 'object',
    required: ['error'],
    properties: { error: ERROR, current: { type: 'object', description: 'the record as it is now' } },
  },
  'm3m.BulkReport': {
    type: 'object',
    required: ['results', 'applied', 'complete', 'atomic'],
    properties: {
      results: { type: 'array', items: RESULT },
      applied: { type: 'integer' },
      complete: { type: 'boolean' },
      atomic: { type: 'boolean', description: 'one transaction: what is not complete has changed nothing' },
    },
  },
  'm3m.Aggregate': aggregateJson(),
}

/** The same schema that the agent reads the query by. */
function aggregateJson(): Json {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(aggregateSchema, {
    io: 'input',
    unrepresentable: 'any',
  })
  return schema
}
