import { hostError } from '../../sandbox/calls.ts'
import type { Awaitable, Lane } from '../../sandbox/lane.ts'
import { STREAM_STEP, type FindOptions, type StoredPage, type StoredRecord } from './database.contract.ts'

type Filter = string | Record<string, unknown>

/** What differs between the spellings. */
interface Shape {
  /** The original's reads gave nothing for an unknown model, and its dates were ISO texts. */
  readonly compat: boolean
}

/** The methods of one model. */
export function createCollection(lane: Lane, model: string): Record<string, unknown> {
  const shape: Shape = { compat: lane.kind === 'dollar' }
  const call = <T>(member: string, ...args: unknown[]) => lane.call<T>(`database.${member}`, [model, ...args])
  const one = (record: StoredRecord | null) => (record && shape.compat ? flat(record) : record)
  const many = (records: StoredRecord[]) => (shape.compat ? records.map(flat) : records)
  const read = <T, U>(empty: U, ask: () => Awaitable<T>) =>
    shape.compat ? lane.recover(ask, (error) => forgive(error, empty)) : ask()
  const find = (filter?: Filter, options?: FindOptions) =>
    lane.map(
      read([] as StoredRecord[], () => call<StoredRecord[]>('find', filter, options)) as Awaitable<
        StoredRecord[]
      >,
      many,
    )
  const page = (filter: Filter | undefined, options: FindOptions = {}) =>
    call<StoredPage>('page', pageQuery(filter, options))
  const members: Record<string, unknown> = {
    find,
    findOne: (filter?: Filter, options?: FindOptions) =>
      lane.map(
        read(null, () =>
          call<StoredRecord | null>('findOne', filter, options),
        ) as Awaitable<StoredRecord | null>,
        one,
      ),
    findById: (id: string, options?: FindOptions) =>
      lane.map(
        read(null, () =>
          call<StoredRecord | null>('findById', id, options),
        ) as Awaitable<StoredRecord | null>,
        one,
      ),
    findWithOptions: (filter?: Filter, options: FindOptions & { order?: string } = {}) => {
      const { order, sort, ...rest } = options
      const by = typeof sort === 'string' && order === 'desc' && !sort.startsWith('-') ? `-${sort}` : sort
      return find(filter, by === undefined ? rest : { ...rest, sort: by })
    },
    paginate: (filter?: Filter, options?: FindOptions) =>
      lane.map(page(filter, options), (result) => ({ ...result, items: many(result.items) })),
    count: (filter?: Filter) => read(0, () => call<number>('count', filter)),
    distinct: (field: string, filter?: Filter) =>
      read([] as unknown[], () => call<unknown[]>('distinct', field, filter)),
    aggregate: (pipeline: unknown) =>
      lane.map(
        read([] as unknown[], () => call<unknown[]>('aggregate', pipeline)) as Awaitable<unknown[]>,
        (rows) => (shape.compat ? rows.map(iso) : rows),
      ),
    insert: (data: unknown) => lane.map(call<StoredRecord>('insert', data), one),
    insertMany: (data: unknown) => lane.map(call<StoredRecord[]>('insertMany', data), many),
    update: (id: string, data: unknown) =>
      lane.map(call<StoredRecord>('update', id, data), (record) => (shape.compat ? true : record)),
    updateMany: (filter: Filter, data: unknown) => call<number>('updateMany', filter, data),
    upsert: (filter: Filter, data: unknown) =>
      lane.map(call<StoredRecord>('upsert', filter, data), (record) =>
        shape.compat ? upserted(record) : record,
      ),
    delete: (id: string) => call<boolean>('delete', id),
    deleteMany: (filter: Filter) => call<number>('deleteMany', filter),
    findOneAndUpdate: (filter: Filter, update: unknown, options?: { returnNew?: boolean; sort?: string }) =>
      lane.map(
        call<StoredRecord | null>(
          'findOneAndUpdate',
          filter,
          shape.compat ? plainSet(update) : update,
          options,
        ),
        (record) => {
          // The original threw where there was nothing to change.
          if (record === null && shape.compat) throw hostError('RECORD_NOT_FOUND', 'data not found', 404)
          return one(record)
        },
      ),
  }
  if (!shape.compat)
    members['stream'] = (filter?: Filter, options?: FindOptions) => stream(filter, options, page as never)
  return members
}

/** A record in the form of the spelling. */
export function spelled(lane: Lane, record: StoredRecord | null): unknown {
  return record && lane.kind === 'dollar' ? flat(record) : record
}

function pageQuery(
  filter: Filter | undefined,
  { limit, pageSize, skip: _skip, ...rest }: FindOptions,
): Record<string, unknown> {
  const size = pageSize ?? limit
  return {
    ...rest,
    ...(filter === undefined ? {} : { filter }),
    ...(size === undefined ? {} : { pageSize: size }),
  }
}

/** Reads step by step with a cursor, so that records inserted meanwhile neither repeat nor shift what comes. */
async function* stream(
  filter: Filter | undefined,
  options: FindOptions | undefined,
  page: (filter: Filter | undefined, options: FindOptions) => Promise<StoredPage>,
): AsyncGenerator<StoredRecord> {
  let cursor: string | undefined
  do {
    const step = { pageSize: STREAM_STEP, ...options, skipTotal: true }
    const result: StoredPage = await page(filter, cursor === undefined ? step : { ...step, cursor })
    yield* result.items
    cursor = result.cursor
  } while (cursor !== undefined)
}

/** Of the original: a field that stands beside operators is one to set. */
function plainSet(update: unknown): unknown {
  if (typeof update !== 'object' || update === null) return update
  const given = update as Record<string, unknown>
  const fields = Object.keys(given).filter((key) => !key.startsWith('$'))
  if (fields.length === 0 || fields.length === Object.keys(given).length) return update
  const operators = Object.fromEntries(Object.entries(given).filter(([key]) => key.startsWith('$')))
  const beside = Object.fromEntries(fields.map((key) => [key, given[key]]))
  return { ...operators, $set: { ...(operators['$set'] as object | undefined), ...beside } }
}

function forgive<U>(error: unknown, empty: U): U {
  if ((error as { code?: unknown } | null)?.code === 'MODEL_NOT_FOUND') return empty
  throw error
}

/** A record as the original gave it: ISO dates, and its names for them. */
function flat(record: StoredRecord): Record<string, unknown> {
  const plain = iso(record) as Record<string, unknown>
  return { ...plain, _created_at: plain['createdAt'], _updated_at: plain['updatedAt'] }
}

function upserted(record: StoredRecord): Record<string, unknown> {
  const { id, _id, createdAt, updatedAt, version: _version, ...data } = iso(record) as Record<string, unknown>
  return { id, _id, data, created_at: createdAt, updated_at: updatedAt }
}

function iso(value: unknown): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (Array.isArray(value)) return value.map(iso)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, iso(member)]))
}
