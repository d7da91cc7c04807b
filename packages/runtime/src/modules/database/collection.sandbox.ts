import { hostError } from '../../sandbox/calls.ts'
import type { Awaitable, Lane } from '../../sandbox/lane.ts'
import { promisedAll } from '../../sandbox/lanes.ts'
import { STREAM_STEP, type FindOptions, type StoredPage, type StoredRecord } from './database.contract.ts'
import {
  clamped,
  flat,
  iso,
  originalFilter,
  originalOptions,
  plainSet,
  sentBack,
  upserted,
} from './original-forms.sandbox.ts'
import { withPatterns } from './patterns.sandbox.ts'

type Filter = string | Record<string, unknown>

/** A model's methods in one spelling; `compat`: the original's reads gave nothing for an unknown model, its dates were ISO texts. */
interface Shape {
  readonly compat: boolean
  readonly lane: Lane
  call<T>(member: string, ...args: unknown[]): Awaitable<T>
  one(record: StoredRecord | null): unknown
  many(records: StoredRecord[]): unknown[]
  where(filter?: Filter): Filter | undefined
  how(options?: FindOptions): FindOptions | undefined
}

/** The methods of one model. */
export function createCollection(lane: Lane, model: string): Record<string, unknown> {
  const compat = lane.kind === 'dollar'
  const shape: Shape = {
    compat,
    lane,
    call: (member, ...args) => lane.call(`database.${member}`, [model, ...args]),
    one: (record) => (record && compat ? flat(record) : record),
    many: (records) => (compat ? records.map(flat) : records),
    where: (filter) => withPatterns(compat ? originalFilter(filter) : filter),
    how: (options) => (compat ? originalOptions(options) : options),
  }
  const members = promisedAll(lane, { ...reads(shape), ...writes(shape) })
  return compat ? members : { ...members, stream: streamOf(shape) }
}

type Members = Record<string, (...args: never[]) => unknown>

function reads(shape: Shape): Members {
  const { compat, lane, call, one, many, where, how } = shape
  const read = <T>(empty: T, ask: () => Awaitable<T>): Awaitable<T> =>
    compat ? lane.recover(ask, (error) => forgive(error, empty)) : ask()
  const rows = (ask: () => Awaitable<StoredRecord[]>) => lane.map(read([], ask), many)
  const row = (ask: () => Awaitable<StoredRecord | null>) => lane.map(read(null, ask), one)
  const find = (filter?: Filter, options?: FindOptions) =>
    rows(() => call('find', where(filter), how(options)))
  return {
    find,
    findOne: (filter?: Filter, options?: FindOptions) =>
      row(() => call('findOne', where(filter), how(options))),
    findById: (id: string, options?: FindOptions) => row(() => call('findById', id, how(options))),
    findWithOptions: (filter?: Filter, options: FindOptions & { order?: string } = {}) => {
      const { order, sort, ...rest } = options
      const by = typeof sort === 'string' && order === 'desc' && !sort.startsWith('-') ? `-${sort}` : sort
      const given = compat ? clamped(rest) : rest
      return find(filter, by === undefined ? given : { ...given, sort: by })
    },
    paginate: (filter?: Filter, options?: FindOptions) =>
      lane.map(pageOf(shape, filter, options), (result) => ({ ...result, items: many(result.items) })),
    count: (filter?: Filter) => read(0, () => call<number>('count', where(filter))),
    distinct: (field: string, filter?: Filter) =>
      read([], () => call<unknown[]>('distinct', field, where(filter))),
    aggregate: (pipeline: unknown) =>
      lane.map(
        read([], () => call<unknown[]>('aggregate', pipeline)),
        (found) => (compat ? found.map(iso) : found),
      ),
  }
}

function pageOf(
  { call, where, how }: Shape,
  filter: Filter | undefined,
  options: FindOptions = {},
): Awaitable<StoredPage> {
  return call('page', pageQuery(where(filter), how(options) ?? {}))
}

/** Gives an iterator at once: what is wrong is said by its first step. */
function streamOf(shape: Shape): (filter?: Filter, options?: FindOptions) => AsyncGenerator<StoredRecord> {
  return (filter, options) => stream(filter, options, async (where, how) => await pageOf(shape, where, how))
}

function writes({ compat, lane, call, one, many, where }: Shape): Members {
  // The original's writes read texts as numbers and null as nothing (original-writes.host.ts).
  const [insert, update, upsert] = compat
    ? ['originalInsert', 'originalUpdate', 'originalUpsert']
    : ['insert', 'update', 'upsert']
  return {
    insert: (data: unknown) => lane.map(call<StoredRecord>(insert, data), one),
    insertMany: (data: unknown) => lane.map(call<StoredRecord[]>('insertMany', data), many),
    update: (id: string, data: unknown) =>
      lane.map(call<StoredRecord>(update, id, compat ? sentBack(data) : data), (record) =>
        compat ? true : record,
      ),
    updateMany: (filter: Filter, data: unknown) => call<number>('updateMany', where(filter), data),
    upsert: (filter: Filter, data: unknown) =>
      lane.map(call<StoredRecord>(upsert, where(filter), data), (record) =>
        compat ? upserted(record) : record,
      ),
    delete: (id: string) => call<boolean>('delete', id),
    deleteMany: (filter: Filter) => call<number>('deleteMany', where(filter)),
    findOneAndUpdate: (
      filter: Filter,
      changes: unknown,
      options?: { returnNew?: boolean; sort?: string },
    ) => {
      const change = compat ? plainSet(changes) : changes
      return lane.map(
        call<StoredRecord | null>('findOneAndUpdate', where(filter), change, options),
        (record) => {
          // The original threw where there was nothing to change.
          if (record === null && compat) throw hostError('RECORD_NOT_FOUND', 'data not found', 404)
          return one(record)
        },
      )
    },
  }
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

function forgive<U>(error: unknown, empty: U): U {
  if ((error as { code?: unknown } | null)?.code === 'MODEL_NOT_FOUND') return empty
  throw error
}
