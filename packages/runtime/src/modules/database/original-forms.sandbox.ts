// Records, filters and options in the forms of the original, for `$database`.
import type { FindOptions, StoredRecord } from './database.contract.ts'

type Filter = string | Record<string, unknown>

/** Its names for the two dates every record has. */
const DATES: Readonly<Record<string, string>> = { _created_at: 'createdAt', _updated_at: 'updatedAt' }
const dateOf = (name: string) => (Object.hasOwn(DATES, name) ? DATES[name]! : name)

/** The filter with our names for the dates, also inside `$and`, `$or` and `$nor`. */
export function originalFilter(filter: Filter | undefined): Filter | undefined {
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter)) return filter
  return Object.fromEntries(
    Object.entries(filter).map(([name, value]) => [
      dateOf(name),
      name.startsWith('$') && Array.isArray(value)
        ? value.map((part) => originalFilter(part as Filter | undefined))
        : value,
    ]),
  )
}

/** The same for `sort` and `fields`. */
export function originalOptions(options: FindOptions | undefined): FindOptions | undefined {
  if (typeof options !== 'object' || options === null) return options
  const { sort, fields, ...rest } = options
  return {
    ...rest,
    ...(sort === undefined ? {} : { sort: renamed(sort) }),
    ...(fields === undefined ? {} : { fields: renamed(fields) }),
  }
}

function renamed(names: string | readonly string[]): string[] {
  const list = typeof names === 'string' ? names.split(',') : names
  return list.map((name) =>
    String(name)
      .trim()
      .replace(
        /^[-+]?(.*)$/,
        (whole, bare: string) => whole.slice(0, whole.length - bare.length) + dateOf(bare),
      ),
  )
}

/** The original never failed for a page or a limit out of bounds: the nearest that may be asked for. */
export function clamped({ page, limit, ...rest }: FindOptions): FindOptions {
  const within = (value: unknown, most: number) => Math.min(Math.max(Math.trunc(Number(value)) || 1, 1), most)
  return {
    ...rest,
    ...(page === undefined ? {} : { page: within(page, Number.MAX_SAFE_INTEGER) }),
    // 0 and less were no limit of one's own: the default counts.
    ...(Number(limit) >= 1 ? { limit: within(limit, MAX_LIMIT) } : {}),
  }
}

/** What the engine sets; a record that is sent back has it. */
const SET_BY_SYSTEM = ['id', '_id', 'createdAt', 'updatedAt', 'version', ...Object.keys(DATES)]

/** A record that was read and changed, as an update takes it. */
export function sentBack(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data
  return Object.fromEntries(Object.entries(data).filter(([key]) => !SET_BY_SYSTEM.includes(key)))
}

/** What one call gives at most; the records engine has the same number. */
const MAX_LIMIT = 1000

/** Of the original: a field that stands beside operators is one to set. */
export function plainSet(update: unknown): unknown {
  if (typeof update !== 'object' || update === null) return update
  const given = update as Record<string, unknown>
  const fields = Object.keys(given).filter((key) => !key.startsWith('$'))
  if (fields.length === 0 || fields.length === Object.keys(given).length) return update
  const operators = Object.fromEntries(Object.entries(given).filter(([key]) => key.startsWith('$')))
  const beside = Object.fromEntries(fields.map((key) => [key, given[key]]))
  return { ...operators, $set: { ...(operators['$set'] as object | undefined), ...beside } }
}

/** A record as the original gave it: ISO dates, and its names for them. */
export function flat(record: StoredRecord): Record<string, unknown> {
  const plain = iso(record) as Record<string, unknown>
  return { ...plain, _created_at: plain['createdAt'], _updated_at: plain['updatedAt'] }
}

export function upserted(record: StoredRecord): Record<string, unknown> {
  const { id, _id, createdAt, updatedAt, version: _version, ...data } = iso(record) as Record<string, unknown>
  return { id, _id, data, created_at: createdAt, updated_at: updatedAt }
}

export function iso(value: unknown): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (Array.isArray(value)) return value.map(iso)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, iso(member)]))
}
