import type { Field, Model } from '@m3m/data/schema'
import { AGENT_VERSION } from '../../version.ts'

type Json = Record<string, unknown>

const STRING_TYPES: Partial<Record<Field['type'], Json>> = {
  date: { type: 'string', format: 'date' },
  datetime: { type: 'string', format: 'date-time' },
  autodate: { type: 'string', format: 'date-time', readOnly: true },
  email: { type: 'string', format: 'email' },
  url: { type: 'string', format: 'uri' },
}

const LIST_PARAMETERS: [name: string, schema: Json, description: string][] = [
  ['filter', { type: 'string' }, 'status = "open" && price > 10, or the JSON form'],
  ['sort', { type: 'string' }, '-createdAt,name'],
  ['page', { type: 'integer', minimum: 1 }, ''],
  ['pageSize', { type: 'integer', minimum: 1, maximum: 1000 }, ''],
  ['cursor', { type: 'string' }, 'from an earlier answer; excludes page'],
  ['fields', { type: 'string' }, 'title,owner.name'],
  ['expand', { type: 'string' }, 'owner,items.product'],
  ['search', { type: 'string' }, 'text in the searchable fields'],
  ['skipTotal', { type: 'boolean' }, 'saves the count'],
]

/** OpenAPI 3.1 of the records of any project: what a reader without a key may know. */
export function genericDocument(): Json {
  const parameters = [pathParameter('slug'), pathParameter('model')]
  return document(
    'm3m records',
    pathsOf(
      '/api/v1/projects/{slug}/records/{model}',
      'record',
      { $ref: '#/components/schemas/Record' },
      parameters,
    ),
    {
      Record: { type: 'object', properties: systemProperties(), additionalProperties: true },
    },
  )
}

/** OpenAPI 3.1 of one project: its models with their fields. */
export function projectDocument(project: { name: string; slug: string }, models: readonly Model[]): Json {
  const paths: Json = {}
  const schemas: Json = {}
  for (const model of models) {
    schemas[model.slug] = recordSchema(model)
    const base = `/api/v1/projects/${project.slug}/records/${model.slug}`
    Object.assign(paths, pathsOf(base, model.slug, { $ref: `#/components/schemas/${model.slug}` }, []))
  }
  return document(`${project.name}: records`, paths, schemas)
}

function document(title: string, paths: Json, schemas: Json): Json {
  return {
    openapi: '3.1.0',
    info: { title, version: AGENT_VERSION },
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'A key of the project: m3m_…' },
      },
      schemas: { ...schemas, Error: ERROR },
    },
  }
}

const ERROR: Json = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      required: ['code', 'blame', 'status', 'message'],
      properties: {
        code: { type: 'string' },
        blame: { enum: ['user', 'host', 'bug'] },
        status: { type: 'integer' },
        message: { type: 'string' },
        fields: {
          type: 'object',
          additionalProperties: {
            type: 'object',
            properties: { code: { type: 'string' }, message: { type: 'string' } },
          },
        },
      },
    },
  },
}

function pathsOf(base: string, name: string, record: Json, parameters: Json[]): Json {
  const id = pathParameter('id')
  const answer = (schema: Json, description: string) => ({
    description,
    content: { 'application/json': { schema } },
  })
  const errors = { default: answer({ $ref: '#/components/schemas/Error' }, 'refused') }
  const requestBody = { required: true, content: { 'application/json': { schema: record } } }
  const list = {
    type: 'object',
    properties: {
      items: { type: 'array', items: record },
      total: { type: 'integer' },
      page: { type: 'integer' },
      pageSize: { type: 'integer' },
      pages: { type: 'integer' },
      cursor: { type: 'string' },
    },
  }
  const query = LIST_PARAMETERS.map(([parameter, schema, description]) => ({
    name: parameter,
    in: 'query',
    schema,
    description,
  }))
  return {
    [base]: {
      get: {
        operationId: `list_${name}`,
        parameters: [...parameters, ...query],
        responses: { 200: answer(list, 'a page of records'), ...errors },
      },
      post: {
        operationId: `create_${name}`,
        parameters,
        requestBody,
        responses: { 201: answer(record, 'the new record'), ...errors },
      },
    },
    [`${base}/{id}`]: {
      get: {
        operationId: `get_${name}`,
        parameters: [...parameters, id],
        responses: { 200: answer(record, 'the record'), ...errors },
      },
      patch: {
        operationId: `update_${name}`,
        parameters: [...parameters, id],
        requestBody,
        responses: { 200: answer(record, 'the changed record'), ...errors },
      },
      delete: {
        operationId: `remove_${name}`,
        parameters: [...parameters, id],
        responses: { 204: { description: 'removed' }, ...errors },
      },
    },
    [`${base}/events`]: {
      get: {
        operationId: `watch_${name}`,
        parameters,
        responses: {
          200: { description: 'changes as server-sent events', content: { 'text/event-stream': {} } },
          ...errors,
        },
      },
    },
  }
}

function pathParameter(name: string): Json {
  return { name, in: 'path', required: true, schema: { type: 'string' } }
}

function systemProperties(): Json {
  const moment = { type: 'string', format: 'date-time', readOnly: true }
  return {
    id: { type: 'string', readOnly: true },
    createdAt: moment,
    updatedAt: moment,
    version: { type: 'integer', readOnly: true },
  }
}

function recordSchema(model: Model): Json {
  const properties = systemProperties()
  for (const field of model.fields) properties[field.key] = fieldSchema(field)
  const required = model.fields
    .filter((field) => field.required && field.default === undefined)
    .map((field) => field.key)
  return { type: 'object', properties, ...(required.length > 0 && { required }) }
}

function fieldSchema(field: Field): Json {
  const one = { ...valueSchema(field), ...(field.help && { description: field.help }) }
  const many = field.type === 'multiselect' || field.multiple === true
  const schema = many ? { type: 'array', items: one } : one
  return field.nullable ? { anyOf: [schema, { type: 'null' }] } : schema
}

function valueSchema(field: Field): Json {
  switch (field.type) {
    case 'number':
    case 'float':
      return { type: field.type === 'number' ? 'integer' : 'number', ...range(field, 'minimum', 'maximum') }
    case 'bool':
      return { type: 'boolean' }
    case 'document':
      return {}
    case 'select':
    case 'multiselect':
      return { enum: field.options ?? [] }
    default: {
      const lengths = {
        ...(field.minLength !== undefined && { minLength: field.minLength }),
        ...(field.maxLength !== undefined && { maxLength: field.maxLength }),
      }
      return {
        ...(STRING_TYPES[field.type] ?? { type: 'string' }),
        ...lengths,
        ...(field.pattern && { pattern: field.pattern }),
      }
    }
  }
}

function range(field: Field, least: string, most: string): Json {
  return {
    ...(typeof field.min === 'number' && { [least]: field.min }),
    ...(typeof field.max === 'number' && { [most]: field.max }),
  }
}
