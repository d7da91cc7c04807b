import { isDoc, type Value } from '../bson/value.ts'
import { locationError, mongoError, notSupported } from '../server/mongo-error.ts'

/** Stages of MongoDB's that we know and do not do. */
const REFUSED = new Set([
  '$geoNear',
  '$planCacheStats',
  '$listSessions',
  '$listLocalSessions',
  '$listSampledQueries',
  '$currentOp',
  '$collStats',
  '$indexStats',
  '$search',
  '$searchMeta',
  '$vectorSearch',
  '$changeStream',
  '$changeStreamSplitLargeEvent',
])

/** Stages that a pipeline of a command may have and an update may not. */
export const STAGE_NAMES: ReadonlySet<string> = new Set([
  ...REFUSED,
  '$match',
  '$sort',
  '$limit',
  '$skip',
  '$count',
  '$group',
  '$unwind',
  '$lookup',
  '$graphLookup',
  '$facet',
  '$unionWith',
  '$sortByCount',
  '$bucket',
  '$bucketAuto',
  '$sample',
  '$documents',
  '$redact',
  '$setWindowFields',
  '$densify',
  '$fill',
  '$out',
  '$merge',
])

/** Name and operand of a stage. @throws 40323 */
export function readStage(stage: Value): [string, Value] {
  if (!isDoc(stage))
    throw mongoError('TypeMismatch', "Each element of the 'pipeline' array must be an object")
  if (stage.size !== 1)
    throw locationError(40323, 'A pipeline stage specification object must contain exactly one field.')
  return [...stage][0]!
}

/** What is said of a stage that no pipeline has here. */
export function refusedStage(name: string): Error {
  if (REFUSED.has(name)) return notSupported(`The stage ${name} at this place`)
  return locationError(40324, `Unrecognized pipeline stage name: '${name}'`)
}
