import {
  BATCH_CALL,
  RECORD_CALLS,
  type AggregateQuery,
  type Field,
  type Model,
  type RecordCall,
  type RecordCallShape,
} from '@m3m/core/client'
import { SAMPLE_ID, sampleChange, sampleFilter, sampleRecord } from './samples.ts'

/** Which calls are told of a model, and what each asks. Pure. */

/** In the order in which they are shown; each is one use of a call of {@link RECORD_CALLS}, or the batch. */
const USES = {
  list: 'list',
  search: 'list',
  pages: 'list',
  expand: 'list',
  get: 'get',
  aggregate: 'aggregate',
  realtime: 'watch',
  create: 'create',
  update: 'update',
  match: 'update',
  upsert: 'upsert',
  delete: 'remove',
  bulk: 'bulk',
  batch: 'batch',
  upload: 'create',
  file: 'file',
} as const satisfies Record<string, RecordCall | 'batch'>
export type Call = keyof typeof USES
export const CALLS = Object.keys(USES) as Call[]

export interface Target {
  /** `https://host:port`. */
  origin: string
  project: string
  model: Model
  /** All of the project: who points here, and for a batch over two. */
  models: readonly Model[]
  /** Text filter and sort that the examples ask by; what the table shows now. */
  filter: string
  sort: string
  /** A record to read, where there is one. Examples that write never name a real one. */
  id?: string | undefined
}

/** What is sent, in no language. */
export interface CallRequest extends RecordCallShape {
  url: string
  query: [name: string, value: string][]
  json?: object
  /** A form: a file of this name, and the other fields as one JSON. */
  form?: { field: string; file: string; values: object }
  /** `If-Match`: the version that was read. */
  version?: number
}

const projectUrl = ({ origin, project }: Pick<Target, 'origin' | 'project'>): string =>
  `${origin}/api/v1/projects/${project}`

export const baseUrl = (target: Pick<Target, 'origin' | 'project' | 'model'>): string =>
  `${projectUrl(target)}/records/${target.model.slug}`

const shapeOf = (call: Call): RecordCallShape => {
  const use = USES[call]
  return use === 'batch' ? BATCH_CALL : RECORD_CALLS[use]
}

/** What a key must be allowed to do. */
export const scopeOf = (call: Call): RecordCallShape['scope'] => shapeOf(call).scope

/** Without those that the model has nothing for: no ref to follow, no field for a file. */
export function callsOf(target: Pick<Target, 'model' | 'models'>): Call[] {
  const hasFiles = fileField(target.model) !== undefined
  return CALLS.filter((call) => {
    if (call === 'expand') return expansions(target).length > 0
    return call === 'upload' || call === 'file' ? hasFiles : true
  })
}

export function requestOf(call: Call, target: Target): CallRequest {
  const shape = shapeOf(call)
  const field = fileField(target.model)?.key ?? 'file'
  const id = shape.method === 'GET' ? (target.id ?? SAMPLE_ID) : SAMPLE_ID
  const root = USES[call] === 'batch' ? projectUrl(target) : baseUrl(target)
  const url = root + shape.path.replace('{id}', id).replace('{field}', field)
  return { ...shape, url, query: [], ...sent(call, target, field) }
}

function sent(call: Call, target: Target, field: string): Partial<CallRequest> {
  const { model } = target
  switch (call) {
    case 'list':
    case 'search':
    case 'pages':
    case 'expand':
      return { query: listQuery(call, target) }
    case 'aggregate':
      return { json: figuresOf(target) }
    case 'create':
      return { json: sampleRecord(model) }
    case 'update':
      return { json: sampleChange(model) }
    case 'match':
      return { json: sampleChange(model), version: 3 }
    case 'upsert':
      return { query: [['filter', sampleFilter(model)]], json: sampleRecord(model) }
    case 'bulk':
      return { json: { operations: writesOf(model) } }
    case 'batch':
      return { json: { operations: batchOf(target) } }
    case 'upload':
      return { form: { field, file: 'picture.png', values: sampleRecord(model) } }
    default:
      return {}
  }
}

function listQuery(call: 'list' | 'search' | 'pages' | 'expand', target: Target): CallRequest['query'] {
  const { filter, sort, model } = target
  const order: [string, string] = ['sort', sort || '-createdAt']
  const own: CallRequest['query'] = filter ? [['filter', filter], order] : [order]
  const fields = ['id', ...model.fields.slice(0, 2).map(({ key }) => key)].join()
  switch (call) {
    case 'list':
      return [...own, ['page', '1'], ['pageSize', '50']]
    case 'search':
      return [
        ['search', 'two words'],
        ['fields', fields],
        ['pageSize', '20'],
      ]
    case 'pages':
      return [...own, ['pageSize', '500'], ['skipTotal', 'true']]
    case 'expand':
      return [['expand', expansions(target).join()], order, ['pageSize', '20']]
  }
}

/** What `expand` may follow from here: own refs, then the models that point here. */
export function expansions({ model, models }: Pick<Target, 'model' | 'models'>): string[] {
  const own = model.fields.filter(({ type }) => type === 'ref').map(({ key }) => key)
  const back = models.flatMap(({ slug, fields }) =>
    fields.filter((field) => pointsAt(field, model)).map(({ key }) => `${slug}_via_${key}`),
  )
  return [...own.slice(0, 2), ...back.slice(0, 1)]
}

const pointsAt = ({ type, refModel }: Field, { id, slug }: Model): boolean =>
  type === 'ref' && (refModel === id || refModel === slug)

/** Figures by the first field that makes groups, or by months. */
export function figuresOf({ model, filter }: Pick<Target, 'model' | 'filter'>): AggregateQuery {
  const group = model.fields.find(({ type }) => type === 'select' || type === 'bool')
  const number = numberField(model)
  return {
    ...(filter && { filter }),
    groupBy: [group ? group.key : { field: 'createdAt', step: 'month' }],
    measures: { count: 'count', ...(number && { total: { sum: number.key } }) },
    sort: '-count',
  }
}

export const numberField = ({ fields }: Model): Field | undefined =>
  fields.find(({ type }) => type === 'number' || type === 'float')

export const fileField = ({ fields }: Model): Field | undefined =>
  fields.find(({ type, multiple }) => type === 'file' && !multiple) ??
  fields.find(({ type }) => type === 'file')

function writesOf(model: Model): object[] {
  return [
    { op: 'create', data: sampleRecord(model) },
    { op: 'update', id: SAMPLE_ID, data: sampleChange(model), version: 3 },
    { op: 'remove', id: SAMPLE_ID },
  ]
}

/** A record here and one of another model, both or none. */
export function batchOf({ model, models }: Pick<Target, 'model' | 'models'>): object[] {
  const other = models.find(({ id }) => id !== model.id) ?? model
  return [
    { model: model.slug, op: 'create', data: sampleRecord(model) },
    { model: other.slug, op: 'create', data: sampleRecord(other) },
  ]
}
