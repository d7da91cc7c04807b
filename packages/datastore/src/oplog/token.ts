import { isDoc, type Doc, type Value } from '../bson/value.ts'
import { mongoError } from '../server/mongo-error.ts'

/** What a resume token stands for. */
export interface ResumeToken {
  /** Which history of the datastore it belongs to: restoring a backup begins another one. */
  history: number
  position: number
  /** `mark`: no event, only a place that was passed; `invalidate`: behind the end of a stream. */
  kind: 'mark' | 'event' | 'invalidate'
}

const VERSION = '82'
const KINDS = ['mark', 'event', 'invalidate'] as const
const FORM = /^82([0-9A-F]{8})([0-9A-F]{14})0([0-2])$/

/** `{ _data: '82…' }`: in their order as text they are in the order of the events. */
export function encodeToken({ history, position, kind }: ResumeToken): Doc {
  const place = hex(position, 14)
  return new Map([['_data', `${VERSION}${hex(history, 8)}${place}0${KINDS.indexOf(kind)}`]])
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0')
}

/** @throws TypeMismatch (14), InvalidResumeToken (260) */
export function decodeToken(given: Value): ResumeToken {
  if (!isDoc(given)) throw mongoError('TypeMismatch', 'A resume token must be an object')
  const data = given.get('_data')
  const found = typeof data === 'string' ? FORM.exec(data) : null
  if (!found) throw mongoError('InvalidResumeToken', 'Resume token is not one of this server')
  return {
    history: parseInt(found[1]!, 16),
    position: parseInt(found[2]!, 16),
    kind: KINDS[Number(found[3])]!,
  }
}
