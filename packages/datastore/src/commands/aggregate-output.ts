import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import { ObjectId, type Doc, type Value } from '../bson/value.ts'
import { drain, type MergeTarget, type PipelineOutput } from '../aggregate/source.ts'
import { sameCollation } from '../bson/collation.ts'
import { comparisonOf, type Variables } from '../expression/scope.ts'
import { selectOne } from '../query/select.ts'
import type { Collection } from '../store/collection.ts'
import type { Context } from '../server/context.ts'
import { locationError, mongoError } from '../server/mongo-error.ts'
import { checkDocument } from './document-validation.ts'
import { checkSize, newObjectId, readyToStore } from './insert.ts'

/** The writes of `$out` and `$merge`, by the access of the command's connection. */
export function createOutput(context: Context, variables: Variables): PipelineOutput {
  const { access, store } = context
  let checked = false
  return {
    /** All documents are there before the old collection goes; both happen in one transaction. */
    async replaceCollection(db, name, source, pause) {
      access.check(db)
      if (store.get(db, name)?.cap)
        throw locationError(17152, `namespace '${db}.${name}' is capped so it can't be used for $out`)
      const docs = await drain(source, pause)
      context.beginWrite()
      const old = store.get(db, name)
      const specs = old?.indexes.map((index) => index.spec) ?? []
      if (old) store.drop(old)
      const fresh = store.create(db, name, old?.options)
      for (const spec of specs) store.createIndex(fresh, spec)
      for (const doc of docs) {
        checkDocument(context, fresh, doc)
        fresh.insert(readyToStore(encode(doc)))
      }
    },
    async merge(target, docs) {
      access.check(target.db)
      // once: what the first documents make has the simple collation, whatever the pipeline's is
      if (!checked) checkUnique(store.get(target.db, target.name), target, variables)
      checked = true
      for (const doc of docs) {
        context.beginWrite()
        const collection = store.get(target.db, target.name) ?? store.create(target.db, target.name)
        await mergeOne(context, { collection, target, doc, variables })
      }
    },
  }
}

function checkUnique(collection: Collection | null, { on }: MergeTarget, variables: Variables): void {
  const { collation } = comparisonOf(variables)
  const byId = on.length === 1 && on[0] === '_id'
  if (byId && (!collection || sameCollation(collection.collation, collation))) return
  const wanted = [...on].sort().join()
  const unique = collection?.indexes.some(
    (index) =>
      index.unique &&
      !index.partial &&
      sameCollation(index.collation, collation) &&
      [...index.pattern.names].sort().join() === wanted,
  )
  if (!unique) throw locationError(51183, 'Cannot find index to verify that join fields will be unique')
}

interface MergeJob {
  collection: Collection
  target: MergeTarget
  doc: Doc
  variables: Variables
}

async function mergeOne(context: Context, { collection, target, doc, variables }: MergeJob): Promise<void> {
  const fresh: Doc = doc.has('_id')
    ? doc
    : new Map<string, Value>([['_id', new ObjectId(newObjectId())], ...doc])
  const filter: Doc = new Map(
    target.on.map((path) => [path, new Map([['$eq', fresh.get(path) ?? null]])] as const),
  )
  const row = await selectOne(collection, { filter, variables }, context.pause)
  context.beginWrite()
  if (!row) return insertUnmatched(context, { collection, target, doc: fresh, variables })
  const old = decode(row.raw)
  const merged = mergedDoc(target, old, fresh)
  if (!merged) return
  const raw = encode(merged)
  checkSize(raw)
  checkDocument(context, collection, merged, old)
  if (!raw.equals(row.raw))
    collection.replace(row, raw, { kind: target.matched === 'replace' ? 'replace' : 'update' })
}

function insertUnmatched(context: Context, { collection, target, doc }: MergeJob): void {
  const { notMatched } = target
  if (notMatched === 'discard') return
  if (notMatched === 'fail') {
    throw mongoError(
      'MergeStageNoMatchingDocument',
      '$merge could not find a matching document in the target collection for at least one document in the source collection',
    )
  }
  checkDocument(context, collection, doc)
  collection.insert(readyToStore(encode(doc)))
}

function mergedDoc({ matched }: MergeTarget, old: Doc, fresh: Doc): Doc | null {
  const id = old.get('_id')!
  if (typeof matched === 'function') return matched(old, fresh)
  switch (matched) {
    case 'keepExisting':
      return null
    case 'replace':
      return new Map([...fresh, ['_id', id] as const])
    case 'merge':
      return new Map([...old, ...fresh, ['_id', id] as const])
    case 'fail':
      throw mongoError(
        'DuplicateKey',
        'E11000 duplicate key error: $merge found a matching document and whenMatched is "fail"',
      )
  }
}
