import { AppError } from '@m3m/base'
import type {
  BatchOperation,
  Filter,
  FindOptions,
  ListQuery,
  ProjectRecords,
  RecordData,
} from './records.port.ts'
import type { HostCall, HostContext, HostModule } from '../../module/define-module.ts'
import { runtimeErrors } from '../../runtime.errors.ts'
import { writeAsOriginal } from './original-writes.host.ts'

type Arguments = readonly unknown[]

/** Records of the run's project, by the rules panel and REST obey too. */
export function createDatabaseHost(context: HostContext): HostModule {
  const { records } = context.data
  return { calls: { ...reads(records), ...writes(records), ...originalWrites(context.data) } }
}

function reads(records: ProjectRecords): Record<string, HostCall> {
  return {
    find: ([model, filter, options]) => records.find(slug(model), filterOf(filter), optionsOf(options)),
    findOne: ([model, filter, options]) => records.findOne(slug(model), filterOf(filter), optionsOf(options)),
    findById: ([model, id, options]) =>
      records.findById(slug(model), text('findById', id), optionsOf(options)),
    page: ([model, query]) => records.list(slug(model), objectOf('paginate', query) as ListQuery),
    count: ([model, filter]) => records.count(slug(model), filterOf(filter)),
    distinct: ([model, field, filter]) =>
      records.distinct(slug(model), text('distinct', field), filterOf(filter)),
    aggregate: ([model, pipeline]) => records.pipeline(slug(model), listOf('aggregate', pipeline)),
  }
}

function writes(records: ProjectRecords): Record<string, HostCall> {
  return {
    insert: ([model, data]) => records.create(slug(model), objectOf('insert', data)),
    insertMany: ([model, data]) => records.insertMany(slug(model), listOf('insertMany', data)),
    update: ([model, id, data]) => records.update(slug(model), text('update', id), objectOf('update', data)),
    updateMany: ([model, filter, data]) =>
      records.updateMany(slug(model), needFilter('updateMany', filter), objectOf('updateMany', data)),
    upsert: ([model, filter, data]) =>
      records.upsert(slug(model), needFilter('upsert', filter), objectOf('upsert', data)),
    delete: async ([model, id]) => {
      await records.remove(slug(model), text('delete', id))
      return true
    },
    deleteMany: ([model, filter]) => records.deleteMany(slug(model), needFilter('deleteMany', filter)),
    batch: ([operations]) => batch(records, operations),
    findOneAndUpdate: ([model, filter, update, options]: Arguments) =>
      records.findOneAndUpdate(
        slug(model),
        needFilter('findOneAndUpdate', filter),
        objectOf('findOneAndUpdate', update),
        optionsOf(options) as { returnNew?: boolean; sort?: string },
      ),
  }
}

/** Single writes of `$database`. */
function originalWrites(data: HostContext['data']): Record<string, HostCall> {
  const { records } = data
  const insert: HostCall = ([model, record]) => {
    const target = { model: slug(model), given: objectOf('insert', record), updating: false }
    return writeAsOriginal(data, target, (read) => records.create(target.model, read))
  }
  const update: HostCall = ([model, id, changes]) => {
    const target = { model: slug(model), given: objectOf('update', changes), updating: true }
    const key = text('update', id)
    return writeAsOriginal(data, target, (read) => records.update(target.model, key, read))
  }
  const upsert: HostCall = ([model, filter, record]) => {
    const target = { model: slug(model), given: objectOf('upsert', record), updating: false }
    const match = needFilter('upsert', filter)
    return writeAsOriginal(data, target, (read) => records.upsert(target.model, match, read))
  }
  return { originalInsert: insert, originalUpdate: update, originalUpsert: upsert }
}

/** What each write made; the one that failed is thrown, as it would be alone. */
async function batch(records: ProjectRecords, operations: unknown): Promise<unknown[]> {
  const { results, complete } = await records.batch(listOf('batch', operations) as BatchOperation[])
  const last = results.at(-1)
  if (!complete && last && !last.ok) throw AppError.fromShape(last.error)
  return results.map((result) => (result.ok ? result.record : null))
}

function slug(model: unknown): string {
  return text('collection', model)
}

function text(call: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  throw runtimeErrors.SERVICE_ARGUMENT_INVALID({
    call: `database.${call}`,
    expected: 'a text where it got none',
  })
}

function filterOf(filter: unknown): Filter {
  if (filter === undefined || filter === null) return {}
  if (typeof filter === 'string') return filter
  return objectOf('find', filter)
}

/** Writes to "all" must be meant: `{}` says so, nothing does not. */
function needFilter(call: string, filter: unknown): Filter {
  if (typeof filter === 'string' && filter !== '') return filter
  return objectOf(call, filter)
}

function optionsOf(options: unknown): FindOptions {
  return options === undefined || options === null ? {} : objectOf('find', options)
}

function objectOf(call: string, value: unknown): RecordData {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as RecordData
  throw runtimeErrors.SERVICE_ARGUMENT_INVALID({ call: `database.${call}`, expected: 'an object' })
}

function listOf(call: string, value: unknown): RecordData[] {
  if (Array.isArray(value)) return value as RecordData[]
  throw runtimeErrors.SERVICE_ARGUMENT_INVALID({ call: `database.${call}`, expected: 'a list of objects' })
}
