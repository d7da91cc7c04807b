import { optionNumber } from '../bson/number.ts'
import { decode } from '../bson/decode.ts'
import type { Doc, Value } from '../bson/value.ts'
import { restingPage } from '../query/fields.ts'
import { select, selectNothing, type Query } from '../query/select.ts'
import { refuseCappedInTransaction } from './capped.ts'
import { checkStatement } from '../server/command-fields.ts'
import { collectionOf, type Command, type Context } from '../server/context.ts'
import { mongoError } from '../server/mongo-error.ts'
import { documentsOf } from '../server/wire.ts'
import { checkBatch } from './insert.ts'
import { collationOf, collectionName, readLet } from './options.ts'
import { runStatements } from './statements.ts'
import { refuseView } from './views.ts'

export const remove: Command = async (context) => {
  const { body, request } = context
  const name = collectionName(body, 'delete')
  const statements = documentsOf(request, 'deletes').map((raw) => decode(raw))
  checkBatch(statements.length)
  for (const statement of statements) checkStatement('delete', statement)
  refuseView(context, name)
  refuseCappedInTransaction(context, name)
  let n = 0
  return runStatements(context, {
    count: statements.length,
    run: async (at) => {
      await removeMatching(context, { name, statement: statements[at]!, removed: () => n++ })
    },
    restore: (reply) => {
      n = Number(reply.get('n'))
    },
    reply: () => new Map<string, Value>([['n', n]]),
  })
}

interface Removal {
  name: string
  statement: Doc
  removed: () => void
}

async function removeMatching(context: Context, { name, statement, removed }: Removal): Promise<void> {
  const filter = statement.get('q') as Doc
  const limit = optionNumber(statement.get('limit'))
  if (limit !== 0 && limit !== 1) {
    throw mongoError('FailedToParse', `The limit field in delete objects must be 0 or 1. Got ${limit}`)
  }
  const collection = collectionOf(context, name)
  const page = restingPage(filter)
  const variables = readLet(context.body, collationOf(statement, collection))
  const query: Query = { filter, limit, page, hint: statement.get('hint'), variables }
  if (!collection) {
    selectNothing(query)
    return
  }
  const selection = select(collection, query)
  for (let rows = await selection(context.pause); rows.length > 0; rows = await selection(context.pause)) {
    context.beginWrite()
    for (const row of rows) {
      collection.remove(row)
      removed()
    }
  }
}
