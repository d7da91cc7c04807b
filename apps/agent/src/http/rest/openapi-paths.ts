import { BATCH_CALL, MAX_BULK, MAX_COUNT_UP_TO, RECORD_CALLS, type RecordCall } from '@m3m/data/schema'
import { THUMB_FORMS } from '../thumb.ts'
import { answer, inPath, inQuery, json, REFUSED, RATE_HEADERS, schemaOf } from './openapi-parts.ts'
import type { Json } from './openapi-schemas.ts'

const LIST_PARAMETERS: [name: string, schema: Json, description: string][] = [
  ['filter', { type: 'string' }, 'status = "open" && price > 10, or the JSON form'],
  ['params', { type: 'string' }, 'JSON object of values for {:name} in the filter'],
  ['timezone', { type: 'string' }, 'IANA name of the zone that @todayStart and its kin go by; default UTC'],
  ['sort', { type: 'string' }, '-createdAt,name; @random for any records'],
  ['page', { type: 'integer', minimum: 1 }, 'page by number'],
  ['pageSize', { type: 'integer', minimum: 1, maximum: 1000 }, 'records of a page, default 50'],
  ['cursor', { type: 'string' }, 'from an earlier answer; excludes page'],
  ['fields', { type: 'string' }, 'title,owner.name,body:excerpt(200,true)'],
  ['expand', { type: 'string' }, 'owner,items.product,comments_via_article'],
  ['search', { type: 'string', maxLength: 200 }, 'words to look for in the searchable fields'],
  ['skipTotal', { type: 'boolean' }, 'saves the count; total and pages are -1 then'],
  [
    'countUpTo',
    { type: 'integer', minimum: 1, maximum: MAX_COUNT_UP_TO },
    'ends the count there; with more that match, totalIsAtLeast is true',
  ],
  ['trashed', { type: 'boolean' }, 'removed records instead'],
]

export interface PathsOf {
  /** Address of the model's records. */
  base: string
  /** Names operations and schemas. */
  name: string
  /** Parameters of the path itself. */
  parameters: Json[]
}

/** What is said of each call; where it is and by which method stands in {@link RECORD_CALLS}. */
const OPERATIONS: Record<RecordCall, (of: PathsOf) => Json> = {
  list,
  get,
  create,
  upsert,
  update,
  remove,
  file,
  watch,
  bulk,
  aggregate,
}

/** All that can be done with the records of one model. */
export function modelPaths(of: PathsOf): Json {
  const paths: Record<string, Json> = {}
  for (const call of Object.keys(RECORD_CALLS) as RecordCall[]) {
    const { method, path } = RECORD_CALLS[call]
    paths[of.base + path] = { ...paths[of.base + path], [method.toLowerCase()]: OPERATIONS[call](of) }
  }
  return paths
}

/** One batch over several models. */
export function batchPath(project: string, parameters: Json[]): Json {
  return {
    [project + BATCH_CALL.path]: {
      [BATCH_CALL.method.toLowerCase()]: {
        operationId: 'batch',
        summary: 'Several writes in one transaction, over several models',
        parameters,
        requestBody: { required: true, content: json(operations(['model'])) },
        responses: { 200: answer(schemaOf('m3m.BulkReport'), 'what was done'), ...REFUSED },
      },
    },
  }
}

function list({ name, parameters }: PathsOf): Json {
  const query = LIST_PARAMETERS.map(([parameter, schema, description]) =>
    inQuery(parameter, schema, description),
  )
  const page = {
    type: 'object',
    required: ['items', 'total', 'page', 'pageSize', 'pages'],
    properties: {
      items: { type: 'array', items: schemaOf(name) },
      total: { type: 'integer', description: '-1 where it was not counted' },
      totalIsAtLeast: { const: true, description: 'the count ended at countUpTo: there are more' },
      page: { type: 'integer' },
      pageSize: { type: 'integer' },
      pages: { type: 'integer' },
      cursor: { type: 'string', description: 'asks for what follows; absent on the last page' },
    },
  }
  return {
    operationId: `list_${name}`,
    parameters: [...parameters, ...query],
    responses: { 200: answer(page, 'a page of records'), ...REFUSED },
  }
}

function create({ name, parameters }: PathsOf): Json {
  return {
    operationId: `create_${name}`,
    parameters,
    requestBody: written(`${name}.create`),
    responses: { 201: answer(schemaOf(name), 'the new record'), ...REFUSED },
  }
}

function upsert({ name, parameters }: PathsOf): Json {
  const filter = { ...inQuery('filter', { type: 'string' }, 'finds the record to change'), required: true }
  return {
    operationId: `upsert_${name}`,
    summary: 'Changes the first record that the filter finds, or makes one',
    parameters: [...parameters, filter],
    requestBody: { required: true, content: json(schemaOf(`${name}.change`)) },
    responses: { 200: answer(schemaOf(name), 'the record'), ...REFUSED },
  }
}

const IF_MATCH: Json = {
  name: 'if-match',
  in: 'header',
  schema: { type: 'string' },
  description: 'the version that was read; a record that moved on since is refused with 409',
}
const CONFLICT: Json = {
  409: answer(schemaOf(`m3m.Conflict`), 'someone changed the record meanwhile: `current` is as it is now'),
}

function get({ name, parameters }: PathsOf): Json {
  const read = LIST_PARAMETERS.filter(([key]) => key === 'fields' || key === 'expand')
  return {
    operationId: `get_${name}`,
    parameters: [
      ...parameters,
      inPath('id'),
      ...read.map(([key, schema, text]) => inQuery(key, schema, text)),
    ],
    responses: { 200: answer(schemaOf(name), 'the record'), ...REFUSED },
  }
}

function update({ name, parameters }: PathsOf): Json {
  return {
    operationId: `update_${name}`,
    parameters: [...parameters, inPath('id'), IF_MATCH],
    requestBody: written(`${name}.change`),
    responses: { 200: answer(schemaOf(name), 'the changed record'), ...CONFLICT, ...REFUSED },
  }
}

function remove({ name, parameters }: PathsOf): Json {
  const version = inQuery('version', { type: 'integer', minimum: 1 }, 'as if-match')
  return {
    operationId: `remove_${name}`,
    parameters: [...parameters, inPath('id'), IF_MATCH, version],
    responses: { 204: { description: 'removed', headers: RATE_HEADERS }, ...CONFLICT, ...REFUSED },
  }
}

function file({ name, parameters }: PathsOf): Json {
  const link = { type: 'integer', minimum: 60, maximum: 604_800 }
  const address = {
    type: 'object',
    required: ['url', 'expiresAt'],
    properties: { url: { type: 'string' }, expiresAt: { type: 'string', format: 'date-time' } },
  }
  return {
    operationId: `file_${name}`,
    parameters: [
      ...parameters,
      inPath('id'),
      inPath('field'),
      inQuery('index', { type: 'integer', minimum: 0 }, 'which of several files; default the first'),
      inQuery('download', { type: 'boolean' }, 'as an attachment'),
      inQuery(
        'thumb',
        { type: 'string', pattern: '^\\d{1,4}x\\d{1,4}[tbf]?$' },
        `a small picture (WebP): ${THUMB_FORMS}`,
      ),
      inQuery('link', link, 'seconds: an address for who has no key, instead of the file'),
    ],
    responses: {
      200: {
        description: 'the bytes of the file, or with `link` its address',
        headers: RATE_HEADERS,
        content: { '*/*': { schema: {} }, ...json(address) },
      },
      ...REFUSED,
    },
  }
}

function watch({ name, parameters }: PathsOf): Json {
  const last = {
    name: 'last-event-id',
    in: 'header',
    schema: { type: 'string' },
    description: 'goes on after this event',
  }
  return {
    operationId: `watch_${name}`,
    parameters: [
      ...parameters,
      inQuery('record', { type: 'string', pattern: '^[0-9a-f]{24}$' }, 'id: changes of this record only'),
      last,
    ],
    responses: {
      200: {
        description: 'changes as server-sent events: insert, update, delete',
        content: { 'text/event-stream': { schema: { type: 'string' } } },
      },
      ...REFUSED,
    },
  }
}

function bulk({ name, parameters }: PathsOf): Json {
  return {
    operationId: `bulk_${name}`,
    summary: 'Several writes in one transaction',
    parameters,
    requestBody: { required: true, content: json(operations([])) },
    responses: { 200: answer(schemaOf('m3m.BulkReport'), 'what was done'), ...REFUSED },
  }
}

function aggregate({ name, parameters }: PathsOf): Json {
  const rows = {
    type: 'object',
    required: ['rows'],
    properties: { rows: { type: 'array', items: { type: 'object' } } },
  }
  return {
    operationId: `aggregate_${name}`,
    summary: 'Figures by groups: count, sum, avg, min, max',
    parameters,
    requestBody: { required: true, content: json(schemaOf('m3m.Aggregate')) },
    responses: { 200: answer(rows, 'one row of each group'), ...REFUSED },
  }
}

/** Writes of a batch; `more` are members that each has besides. */
function operations(more: string[]): Json {
  const extra = Object.fromEntries(more.map((key) => [key, { type: 'string' }]))
  const one = (op: string, required: string[], properties: Json): Json => ({
    type: 'object',
    required: ['op', ...more, ...required],
    properties: { op: { const: op }, ...extra, ...properties },
    additionalProperties: false,
  })
  const named = { id: { type: 'string' }, version: { type: 'integer' } }
  const data = { data: { type: 'object' } }
  const kinds = [
    one('create', ['data'], data),
    one('update', ['id', 'data'], { ...named, ...data }),
    one('remove', ['id'], named),
    one('upsert', ['filter', 'data'], { filter: { type: ['string', 'object'] }, ...data }),
  ]
  return {
    type: 'object',
    required: ['operations'],
    properties: { operations: { type: 'array', minItems: 1, maxItems: MAX_BULK, items: { oneOf: kinds } } },
  }
}

/** A record as JSON, or as a form with its files. */
function written(schema: string): Json {
  const form = {
    type: 'object',
    description:
      'Parts by field: files are stored and their paths become the values; `name+` appends; `@jsonPayload` is a JSON object of fields.',
    additionalProperties: true,
  }
  return {
    required: true,
    content: { ...json(schemaOf(schema)), 'multipart/form-data': { schema: form } },
  }
}
