import { readSort } from '../query/sort.ts'
import type { Collation } from '../bson/collation.ts'
import { decode } from '../bson/decode.ts'
import { isDoc, type Doc, type Value } from '../bson/value.ts'
import { compileProjection } from '../query/project.ts'
import { restingPage } from '../query/fields.ts'
import { comparing } from '../expression/scope.ts'
import { rowTest, select, type Query } from '../query/select.ts'
import type { Collection, Row } from '../store/collection.ts'
import { collectionOf, type Command, type Context } from '../server/context.ts'
import { mongoError } from '../server/mongo-error.ts'
import { compileUpdate } from '../update/update.ts'
import { refuseCappedInTransaction } from './capped.ts'
import { collationOf, collectionName, docOption, flag, readLet } from './options.ts'
import { rowUpdater, runUpsert } from './update.ts'
import { refuseView } from './views.ts'

export const findAndModify: Command = async (context) => {
  const { body, attempt } = context
  if (attempt.before) return attempt.before.reply
  const [command] = body.keys()
  const name = collectionName(body, command!)
  refuseView(context, name)
  refuseCappedInTransaction(context, name)
  const query = readQuery(body, collationOf(body, collectionOf(context, name)))
  const reply = flag(body, 'remove')
    ? await removeOne(context, name, query)
    : await updateOne(context, name, query)
  context.beginWrite()
  attempt.note(1, reply)
  return reply
}

function readQuery(body: Doc, collation: Collation | null): Query {
  const filter = docOption(body, 'query') ?? new Map<string, Value>()
  return {
    filter,
    sort: readSort(docOption(body, 'sort')),
    hint: body.get('hint'),
    variables: readLet(body, collation),
    limit: 1,
    page: restingPage(filter),
  }
}

/** The first match in order, as it is at this moment: a sort may have rested since it read the document. */
async function firstMatch(
  context: Context,
  collection: Collection | null,
  query: Query,
): Promise<Row | null> {
  const matches = rowTest(query.filter, query.variables)
  if (!collection) return null
  for (;;) {
    const [row] = await select(collection, query)(context.pause)
    if (!row) return null
    const current = collection.byRid(row.rid)
    if (current && matches(current)) return current
  }
}

async function removeOne(context: Context, name: string, query: Query): Promise<Doc> {
  const { body } = context
  if (body.has('update')) throw mongoError('FailedToParse', 'Cannot specify both an update and remove=true')
  if (flag(body, 'upsert'))
    throw mongoError('FailedToParse', 'Cannot specify both upsert=true and remove=true')
  if (flag(body, 'new'))
    throw mongoError(
      'FailedToParse',
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    )
  const collection = collectionOf(context, name)
  const row = await firstMatch(context, collection, query)
  if (!collection || !row) return answer({ context, collection }, { n: 0 }, null)
  context.beginWrite()
  collection.remove(row)
  return answer({ context, collection }, { n: 1 }, decode(row.raw))
}

async function updateOne(context: Context, name: string, query: Query): Promise<Doc> {
  const { body } = context
  const update = body.get('update')
  if (update === undefined)
    throw mongoError('FailedToParse', 'Either an update or remove=true must be specified')
  const filters = body.get('arrayFilters')
  const compiled = compileUpdate(update, {
    variables: query.variables,
    arrayFilters: Array.isArray(filters) ? filters : undefined,
  })
  const collection = collectionOf(context, name)
  const row = await firstMatch(context, collection, query)
  const wantsNew = flag(body, 'new')
  if (collection && row) {
    context.beginWrite()
    const { before, after } = rowUpdater(context, collection, { query, update: compiled })(row)
    return answer({ context, collection }, { n: 1, updatedExisting: true }, wantsNew ? after : before)
  }
  if (!flag(body, 'upsert')) return answer({ context, collection }, { n: 0, updatedExisting: false }, null)
  const made = runUpsert(context, name, { query, update: compiled })
  return answer(
    { context, collection },
    { n: 1, updatedExisting: false, upserted: made.get('_id')! },
    wantsNew ? made : null,
  )
}

function answer(
  { context, collection }: { context: Context; collection: Collection | null },
  about: Record<string, Value>,
  doc: Doc | null,
): Doc {
  const fields = context.body.get('fields')
  const project =
    isDoc(fields) && fields.size > 0
      ? compileProjection(fields, {
          filter: docOption(context.body, 'query') ?? new Map(),
          variables: new Map(comparing(collationOf(context.body, collection))),
        })
      : null
  return new Map<string, Value>([
    ['lastErrorObject', new Map(Object.entries(about))],
    ['value', doc && project ? project(doc) : doc],
  ])
}
