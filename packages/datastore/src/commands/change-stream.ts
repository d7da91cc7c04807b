import type { PipelineWorld } from '../aggregate/source.ts'
import { compilePipeline } from '../aggregate/pipeline.ts'
import { readStage } from '../aggregate/read-stage.ts'
import { encode } from '../bson/encode.ts'
import { isDoc, Timestamp, type Doc, type Value } from '../bson/value.ts'
import type { StreamRequest } from '../oplog/change-feed.ts'
import { decodeToken } from '../oplog/token.ts'
import type { Context } from '../server/context.ts'
import { locationError, mongoError, notSupported } from '../server/mongo-error.ts'
import type { Reply } from '../server/wire.ts'
import { countOption, docOption, flag } from './options.ts'

/** What may follow `$changeStream`: stages that look at one event alone. */
const ALLOWED = new Set([
  '$match',
  '$project',
  '$addFields',
  '$set',
  '$unset',
  '$replaceRoot',
  '$replaceWith',
  '$redact',
])

const OPTIONS = new Set([
  'fullDocument',
  'fullDocumentBeforeChange',
  'resumeAfter',
  'startAfter',
  'startAtOperationTime',
  'allChangesForCluster',
  'showExpandedEvents',
])

/** True for a pipeline that begins with `$changeStream`. */
export function isChangeStream(pipeline: readonly Value[]): boolean {
  const [first] = pipeline
  return isDoc(first) && first.has('$changeStream')
}

/** Opens a change stream on a collection (`name`), a database (null), or all of them. */
export async function openChangeStream(
  context: Context,
  { name, pipeline, world }: { name: string | null; pipeline: readonly Doc[]; world: PipelineWorld },
): Promise<Reply> {
  const { body, db, cursors, pause, owner, control } = context
  const [first, ...rest] = pipeline as [Doc, ...Doc[]]
  const request = readRequest(context, name, first.get('$changeStream')!)
  const compiled = compilePipeline(rest, world)
  for (const stage of rest) checkStage(stage)
  const stream = await control.changes.open(request)
  const tokens = new Set<string>()
  const source = compiled(async (inner) => {
    const events = await stream.source(inner)
    tokens.clear()
    for (const event of events) tokens.add(tokenOf(event)!)
    return events
  })
  const ns = `${db}.${name ?? '$cmd.aggregate'}`
  const batchSize = countOption(docOption(body, 'cursor') ?? new Map(), 'batchSize') ?? Infinity
  const opened = await cursors.open({
    ns,
    source: async (inner) => (await source(inner)).map((event) => encode(withToken(event, tokens))),
    batchSize,
    pause,
    owner,
    tail: stream.tail,
    onClose: () => stream.close(),
  })
  const { id, documents, extra } = opened
  return { ns, id, batch: documents, field: 'firstBatch', ...(extra && { extra }) }
}

/** @throws ChangeStreamFatalError (280) when a stage took the token away */
function withToken(event: Doc, tokens: ReadonlySet<string>): Doc {
  const token = tokenOf(event)
  if (token !== null && tokens.has(token)) return event
  const fault = mongoError(
    'ChangeStreamFatalError',
    'Encountered an event whose _id field, which contains the resume token, was modified by the pipeline. Modifying the _id field of an event makes it impossible to resume the stream from that point. Only transformations that retain the unmodified _id field are allowed.',
  )
  fault.labels.push('NonResumableChangeStreamError')
  throw fault
}

function tokenOf(event: Doc): string | null {
  const id = event.get('_id')
  const data = isDoc(id) && id.size === 1 ? id.get('_data') : null
  return typeof data === 'string' ? data : null
}

function checkStage(stage: Doc): void {
  const [name] = readStage(stage)
  if (name === '$changeStream')
    throw locationError(40602, '$changeStream is only valid as the first stage in a pipeline')
  if (!ALLOWED.has(name))
    throw mongoError('IllegalOperation', `${name} is not permitted in a $changeStream pipeline`)
}

function readRequest({ db, access }: Context, name: string | null, spec: Value): StreamRequest {
  if (!isDoc(spec)) throw locationError(50808, '$changeStream stage expects a document as argument.')
  for (const option of spec.keys())
    if (!OPTIONS.has(option))
      throw locationError(40415, `BSON field '$changeStream.${option}' is an unknown field.`)
  const whole = flag(spec, 'allChangesForCluster')
  if (whole && (db !== 'admin' || name !== null))
    throw mongoError(
      'InvalidOptions',
      'Change streams with allChangesForCluster must be opened on the admin database',
    )
  if (!whole && (db === 'admin' || db === 'config' || db === 'local'))
    throw mongoError('InvalidNamespace', `$changeStream may not be opened on the internal ${db} database`)
  if (!whole) access.check(db)
  return {
    db: whole ? null : db,
    collection: name,
    lookup: readFullDocument(spec),
    ...readStart(spec),
  }
}

function readFullDocument(spec: Doc): boolean {
  const mode = spec.get('fullDocument') ?? 'default'
  if (mode === 'whenAvailable' || mode === 'required')
    throw notSupported(`fullDocument: '${mode}' (post-images)`)
  if (mode !== 'default' && mode !== 'updateLookup')
    throw mongoError(
      'BadValue',
      `Enumeration value '${String(mode)}' for field '$changeStream.fullDocument' is not a valid value.`,
    )
  const before = spec.get('fullDocumentBeforeChange') ?? 'off'
  if (before !== 'off') throw notSupported(`fullDocumentBeforeChange: '${String(before)}' (pre-images)`)
  if (flag(spec, 'showExpandedEvents')) throw notSupported('showExpandedEvents')
  return mode === 'updateLookup'
}

function readStart(spec: Doc): Pick<StreamRequest, 'after' | 'at'> {
  const given = ['resumeAfter', 'startAfter', 'startAtOperationTime'].filter((name) => spec.has(name))
  if (given.length > 1)
    throw locationError(40674, 'Only one type of resume option is allowed, but multiple were found.')
  const [kind] = given
  const value = kind === undefined ? undefined : spec.get(kind)
  if (kind === undefined || value === undefined) return { after: null, at: null }
  if (kind === 'startAtOperationTime') {
    if (value instanceof Timestamp) return { after: null, at: value }
    throw mongoError(
      'TypeMismatch',
      "BSON field '$changeStream.startAtOperationTime' is the wrong type, expected type 'timestamp'",
    )
  }
  const after = decodeToken(value)
  if (kind === 'resumeAfter' && after.kind === 'invalidate')
    throw mongoError(
      'InvalidResumeToken',
      "Attempting to resume a change stream using 'resumeAfter' is not allowed from an invalidate notification.",
    )
  return { after, at: null }
}
