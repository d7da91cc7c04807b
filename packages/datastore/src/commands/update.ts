import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import { isDoc, ObjectId, type Doc, type Value } from '../bson/value.ts'
import { FEW, restingPage } from '../query/fields.ts'
import { compileFilter } from '../query/match.ts'
import type { MatchPosition } from '../query/path.ts'
import { select, selectNothing, type Query } from '../query/select.ts'
import type { Collection, Row } from '../store/collection.ts'
import type { UpdateTargets } from '../store/recorder.ts'
import { refuseCappedInTransaction } from './capped.ts'
import { checkStatement } from '../server/command-fields.ts'
import { collectionOf, type Command, type Context } from '../server/context.ts'
import { documentsOf } from '../server/wire.ts'
import { upsertSeed } from '../update/seed.ts'
import { compileUpdate, type Update } from '../update/update.ts'
import { checkBatch, checkIdValue, checkSize, newObjectId, writableCollection } from './insert.ts'
import { checkDocument } from './document-validation.ts'
import { collationOf, collectionName, flag, readLet } from './options.ts'
import { runStatements } from './statements.ts'
import { refuseView } from './views.ts'

export const update: Command = async (context) => {
  const { body, request } = context
  const name = collectionName(body, 'update')
  const statements = documentsOf(request, 'updates').map((raw) => decode(raw))
  checkBatch(statements.length)
  for (const statement of statements) checkStatement('update', statement)
  refuseView(context, name)
  refuseCappedInTransaction(context, name)
  const tally: Tally = { matched: 0, modified: 0, upserted: [] }
  return runStatements(context, {
    count: statements.length,
    run: (at) =>
      runUpdate(context, { name, at, statement: readStatement(context, name, statements[at]!), tally }),
    restore(reply) {
      tally.upserted = (reply.get('upserted') as Doc[] | undefined) ?? []
      tally.matched = Number(reply.get('n')) - tally.upserted.length
      tally.modified = Number(reply.get('nModified'))
    },
    reply() {
      const reply = new Map<string, Value>([['n', tally.matched + tally.upserted.length]])
      if (tally.upserted.length > 0) reply.set('upserted', tally.upserted)
      return reply.set('nModified', tally.modified)
    },
  })
}

interface Tally {
  matched: number
  modified: number
  upserted: Doc[]
}

interface Statement {
  query: Query
  update: Update
  multi: boolean
  upsert: boolean
}

function readStatement(context: Context, name: string, statement: Doc): Statement {
  const filter = statement.get('q') as Doc
  const collation = collationOf(statement, collectionOf(context, name))
  const multi = flag(statement, 'multi')
  const variables = new Map([...readLet(context.body, collation), ...constantsOf(statement)])
  const arrayFilters = statement.get('arrayFilters')
  return {
    query: { filter, hint: statement.get('hint'), variables, limit: multi ? 0 : 1 },
    update: compileUpdate(statement.get('u'), {
      multi,
      variables,
      arrayFilters: Array.isArray(arrayFilters) ? arrayFilters : undefined,
    }),
    multi,
    upsert: flag(statement, 'upsert'),
  }
}

function constantsOf(statement: Doc): Doc {
  const constants = statement.get('c')
  return isDoc(constants) ? constants : new Map()
}

interface UpdateJob {
  name: string
  at: number
  statement: Statement
  tally: Tally
}

async function runUpdate(context: Context, { name, at, statement, tally }: UpdateJob): Promise<void> {
  const matched = await updateMatching(context, name, { statement, tally })
  if (matched || !statement.upsert) return
  const id = runUpsert(context, name, statement).get('_id')!
  tally.upserted.push(
    new Map<string, Value>([
      ['index', at],
      ['_id', id],
    ]),
  )
}

/**
 * Tells whether anything matched; a statement that fails counts for nothing, as MongoDB has it. A document that moves
 * ahead in the index being read is updated once.
 */
async function updateMatching(
  context: Context,
  name: string,
  { statement, tally }: Pick<UpdateJob, 'statement' | 'tally'>,
): Promise<boolean> {
  const collection = collectionOf(context, name)
  if (!collection) {
    selectNothing(statement.query)
    return false
  }
  const { query, update } = statement
  const page = update.kind === 'pipeline' ? FEW : restingPage(query.filter)
  const selection = select(collection, { ...query, page })
  const apply = rowUpdater(context, collection, statement)
  const done = new Set<number>()
  let modified = 0
  for (let rows = await selection(context.pause); rows.length > 0; rows = await selection(context.pause)) {
    context.beginWrite()
    for (const row of rows) {
      if (done.has(row.rid)) continue
      done.add(row.rid)
      if (apply(row).changed) modified++
    }
  }
  tally.matched += done.size
  tally.modified += modified
  return done.size > 0
}

interface UpdatedRow {
  changed: boolean
  before: Doc
  after: Doc
}

/** Applies an update to rows: decoded with their types, encoded, checked, stored when different. */
export function rowUpdater(
  context: Context,
  collection: Collection,
  { query, update }: Pick<Statement, 'query' | 'update'>,
): (row: Row) => UpdatedRow {
  const matches = compileFilter(query.filter, query.variables)
  return (row) => {
    const before = decode(row.raw)
    const position: MatchPosition = {}
    matches(before, position)
    const after = update.apply(decode(row.raw), { positional: position.index, inserting: false })
    const raw = encode(after)
    if (raw.equals(row.raw)) return { changed: false, before, after }
    checkSize(raw)
    checkDocument(context, collection, after, before)
    collection.replace(row, raw, changeOf(update))
    return { changed: true, before, after }
  }
}

/** What a change stream says of such an update. */
function changeOf({ kind, targets }: Update): {
  kind: 'update' | 'replace'
  targets?: UpdateTargets | undefined
} {
  return kind === 'replacement' ? { kind: 'replace' } : { kind: 'update', targets }
}

/** Makes the document of an upsert that found none; gives it back as stored. */
export function runUpsert(
  context: Context,
  name: string,
  { query, update }: Pick<Statement, 'query' | 'update'>,
): Doc {
  const seed = update.kind === 'replacement' ? idOnly(upsertSeed(query.filter)) : upsertSeed(query.filter)
  let doc = update.apply(seed, { positional: undefined, inserting: true })
  const id = doc.get('_id')
  doc.delete('_id')
  doc = new Map([['_id', id === undefined ? new ObjectId(newObjectId()) : id], ...doc])
  checkIdValue(doc.get('_id')!)
  const raw = encode(doc)
  checkSize(raw)
  context.beginWrite()
  const collection = writableCollection(context, name)
  checkDocument(context, collection, doc)
  collection.insert(raw)
  return doc
}

function idOnly(seed: Doc): Doc {
  const id = seed.get('_id')
  return id === undefined ? new Map() : new Map([['_id', id]])
}
