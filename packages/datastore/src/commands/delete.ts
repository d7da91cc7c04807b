import { optionNumber } from '../bson/number.ts'
import { decode } from '../bson/decode.ts'
import { isDoc, type Doc, type Value } from '../bson/value.ts'
import { select } from '../query/select.ts'
import { collectionOf, type Command, type Context } from '../server/context.ts'
import { mongoError } from '../server/mongo-error.ts'
import { documentsOf } from '../server/wire.ts'
import { checkBatch, refuseView } from './insert.ts'
import { checkCollation, collectionName, docOption, readLet } from './options.ts'
import { runStatements } from './statements.ts'

export const remove: Command = async (context) => {
  const { body, request } = context
  const name = collectionName(body, 'delete')
  const statements = documentsOf(request, 'deletes').map((raw) => decode(raw))
  checkBatch(statements.length)
  refuseView(context, name)
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
  const filter = statement.get('q')
  if (!isDoc(filter))
    throw mongoError('FailedToParse', "BSON field 'delete.deletes.q' is missing but a required field")
  const limit = optionNumber(statement.get('limit'))
  if (limit !== 0 && limit !== 1) {
    throw mongoError('FailedToParse', `The limit field in delete objects must be 0 or 1. Got ${limit}`)
  }
  checkCollation(statement)
  docOption(statement, 'collation')
  const collection = collectionOf(context, name)
  if (!collection) return
  const selection = select(collection, {
    filter,
    limit,
    hint: statement.get('hint'),
    variables: readLet(context.body),
  })
  for (let rows = await selection(context.pause); rows.length > 0; rows = await selection(context.pause)) {
    context.beginWrite()
    for (const row of rows) {
      collection.remove(row)
      removed()
    }
  }
}
