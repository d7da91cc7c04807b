import { decode } from '../bson/decode.ts'
import { validateBson } from '../bson/validate.ts'
import type { Value } from '../bson/value.ts'
import { openScan } from '../query/scan.ts'
import { idKeyOf, type Collection, type Row } from '../store/collection.ts'
import { collectionOf, type Command, type Context } from '../server/context.ts'
import { messageOf } from '@m3m/base'
import { mongoError } from '../server/mongo-error.ts'
import { collectionName } from './options.ts'

/** More complaints than these say nothing new. */
const MAX_ERRORS = 20

/** Reads every document whole and compares every index with the table, both ways. */
export const validate: Command = async (context) => {
  const name = collectionName(context.body, 'validate')
  const collection = collectionOf(context, name)
  if (!collection)
    throw mongoError('NamespaceNotFound', `Collection '${context.db}.${name}' does not exist to validate.`)
  const { count, keys, errors } = await examine(context, collection)
  for (const index of collection.indexes) {
    const [stored] = index.sql('SELECT count(*) FROM {x}').get() as unknown as [number]
    const expected = keys.get(index.name)!
    if (stored !== expected)
      errors.push(`index ${index.name} has ${stored} keys, the documents have ${expected}`)
  }
  return new Map<string, Value>([
    ['ns', `${context.db}.${name}`],
    ['nrecords', count],
    ['nIndexes', collection.indexCount],
    ['keysPerIndex', new Map<string, Value>([['_id_', count], ...keys])],
    ['valid', errors.length === 0],
    ['errors', errors.slice(0, MAX_ERRORS)],
    ['warnings', []],
  ])
}

async function examine({ pause }: Context, collection: Collection) {
  const scan = openScan(
    collection,
    { kind: 'collection', index: null, ranges: [], bounded: 0, reverse: false, sorted: true },
    { first: 512 },
  )
  const keys = new Map<string, number>(collection.indexes.map((index) => [index.name, 0]))
  const errors: string[] = []
  let count = 0
  for (let rows = await pause.page(scan); rows.length > 0; rows = await pause.page(scan)) {
    for (const row of rows) {
      count++
      try {
        examineRow(collection, row, { keys, errors })
      } catch (error) {
        errors.push(`document ${row.rid}: ${messageOf(error)}`)
      }
    }
  }
  return { count, keys, errors }
}

interface Findings {
  keys: Map<string, number>
  errors: string[]
}

function examineRow(collection: Collection, row: Row, { keys, errors }: Findings): void {
  validateBson(row.raw)
  decode(row.raw)
  if (collection.byId(idKeyOf(row.raw))?.rid !== row.rid)
    errors.push(`document ${row.rid} is not found by its _id`)
  for (const index of collection.indexes) {
    const own = index.keysOf(row.raw).keys
    keys.set(index.name, keys.get(index.name)! + own.length)
    for (const key of own) {
      if (!index.sql('SELECT 1 FROM {x} WHERE k=? AND rid=?').get(key, row.rid)) {
        errors.push(`document ${row.rid} is missing in index ${index.name}`)
      }
    }
  }
}
