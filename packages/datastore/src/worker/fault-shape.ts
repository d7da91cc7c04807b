import { messageOf } from '@m3m/base'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import { mongoError, MongoServerFault } from '../server/mongo-error.ts'
import { asBuffer } from '../store/store.ts'
import type { FaultShape } from './protocol.ts'

const UNKNOWN_ERROR = 8

/** What SQLite says when the main thread dropped what a job rests on. */
const DROPPED = /^no such table: [cx]\d+$/

/** An error of a job as it crosses threads. */
export function faultShape(thrown: unknown): FaultShape {
  const error = DROPPED.test(messageOf(thrown))
    ? mongoError('QueryPlanKilled', 'the collection or index was dropped or changed meanwhile')
    : thrown
  if (error instanceof MongoServerFault) {
    const { code, codeName, message, extra } = error
    return { code, codeName, message, extra: encode(extra), bug: null }
  }
  const bug = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    code: UNKNOWN_ERROR,
    codeName: 'UnknownError',
    message: messageOf(error),
    extra: encode(new Map()),
    bug,
  }
}

/** The error again, on the other side. */
export function faultFrom({ code, codeName, message, extra, bug }: FaultShape): MongoServerFault {
  const fault = new MongoServerFault(code, codeName, { message, extra: decode(asBuffer(extra)) })
  return bug === null ? fault : Object.assign(fault, { cause: bug })
}
