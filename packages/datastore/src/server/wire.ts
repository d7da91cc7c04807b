// The parts of MongoDB's wire protocol that drivers since 2017 speak: OP_MSG, and OP_QUERY for the first hello.
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import { validateBson } from '../bson/validate.ts'
import type { Doc, Timestamp } from '../bson/value.ts'
import { mongoError } from './mongo-error.ts'

/** MongoDB's `maxMessageSizeBytes`. */
export const MAX_MESSAGE_BYTES = 48_000_000
export const HEADER_BYTES = 16

const OP_REPLY = 1
const OP_QUERY = 2004
const OP_MSG = 2013
/** OP_REPLY's flags. A query on a collection can only fail: those commands go by OP_MSG. */
const FLAG_QUERY_FAILURE = 2
const FLAG_AWAIT_CAPABLE = 8
const FLAG_CHECKSUM = 1
const FLAG_MORE_TO_COME = 2
/** Flags below 16 must be understood, those above may be ignored. */
const REQUIRED_FLAGS = 0xffff

/** One command as it came from the wire. */
export interface Request {
  requestId: number
  name: string
  db: string
  body: Doc
  /** Document sequences (`documents`, `updates`, `deletes`), raw and validated. */
  sequences: Map<string, Buffer[]>
  /** OP_QUERY, as a command or on a collection: the answer goes by OP_REPLY. */
  legacy: false | 'command' | 'query'
  /** The client wants no answer (unacknowledged write). */
  silent: boolean
}

/** A message that breaks the protocol: the connection is closed without an answer. */
export class ProtocolBreach extends Error {}

/** Reads one whole message. @throws ProtocolBreach, or a fault that the client is told */
export function parseMessage(message: Buffer): Request {
  const requestId = message.readInt32LE(4)
  const opCode = message.readInt32LE(12)
  if (opCode === OP_MSG) return parseMsg(message, requestId)
  if (opCode === OP_QUERY) return parseQuery(message, requestId)
  throw new ProtocolBreach(`opcode ${opCode}`)
}

function parseMsg(message: Buffer, requestId: number): Request {
  if (message.length < 26) throw new ProtocolBreach('short message')
  const flags = message.readUInt32LE(16)
  if ((flags & REQUIRED_FLAGS & ~(FLAG_CHECKSUM | FLAG_MORE_TO_COME)) !== 0)
    throw new ProtocolBreach('unknown flags')
  const end = message.length - (flags & FLAG_CHECKSUM ? 4 : 0)
  const sequences = new Map<string, Buffer[]>()
  let body: Doc | null = null
  let at = 20
  while (at < end) {
    const kind = message[at++]
    const section = slice(message, at, end)
    if (kind === 0 && !body) body = readDocument(section)
    else if (kind === 1) readSequence(section, sequences)
    else throw new ProtocolBreach(`section kind ${kind}`)
    at += section.length
  }
  if (!body) throw new ProtocolBreach('no body')
  const db = body.get('$db')
  if (typeof db !== 'string') throw new ProtocolBreach('no $db')
  return {
    requestId,
    name: nameOf(body),
    db,
    body,
    sequences,
    legacy: false,
    silent: (flags & FLAG_MORE_TO_COME) !== 0,
  }
}

function parseQuery(message: Buffer, requestId: number): Request {
  const nameEnd = message.indexOf(0, 20)
  if (nameEnd < 0 || nameEnd + 13 > message.length) throw new ProtocolBreach('short query')
  const [db, collection] = message.toString('utf8', 20, nameEnd).split('.', 2)
  const given = readDocument(slice(message, nameEnd + 9, message.length))
  const request = { requestId, db: db!, sequences: new Map<string, Buffer[]>(), silent: false }
  if (collection !== '$cmd') return { ...request, name: 'find', body: given, legacy: 'query' }
  const body = unwrapped(given)
  return { ...request, name: nameOf(body), body, legacy: 'command' }
}

/** Older drivers put a command into `$query` (or `query`), beside the read preference. */
function unwrapped(body: Doc): Doc {
  const [first] = body
  return first && (first[0] === '$query' || first[0] === 'query') && first[1] instanceof Map ? first[1] : body
}

function nameOf(body: Doc): string {
  const [name] = body.keys()
  if (name === undefined) throw new ProtocolBreach('an empty command')
  return name
}

/** The bytes that begin with their own length. */
function slice(message: Buffer, at: number, end: number): Buffer {
  if (at + 5 > end) throw new ProtocolBreach('a section cut short')
  const size = message.readInt32LE(at)
  if (size < 5 || at + size > end) throw new ProtocolBreach('a section of a wrong length')
  return message.subarray(at, at + size)
}

function readDocument(bytes: Buffer): Doc {
  try {
    validateBson(bytes)
  } catch (cause) {
    throw new ProtocolBreach('invalid BSON', { cause })
  }
  return decode(bytes)
}

function readSequence(section: Buffer, sequences: Map<string, Buffer[]>): void {
  const nameEnd = cstringEndWithin(section, 4)
  const name = section.toString('latin1', 4, nameEnd)
  if (sequences.has(name)) throw new ProtocolBreach('a sequence given twice')
  const documents: Buffer[] = []
  for (let at = nameEnd + 1; at < section.length;) {
    const document = slice(section, at, section.length)
    documents.push(document)
    at += document.length
  }
  sequences.set(name, documents)
}

function cstringEndWithin(section: Buffer, at: number): number {
  const end = section.indexOf(0, at)
  if (end < 0) throw new ProtocolBreach('a name without its end')
  return end
}

/** An answer that is a cursor's batch: the documents are copied as they are stored. */
interface CursorReply {
  ns: string
  id: bigint
  batch: readonly Buffer[]
  field: 'firstBatch' | 'nextBatch'
  /** Further fields of `cursor`, such as a resume token. */
  extra?: Doc
  operationTime?: Timestamp
}

export type Reply = Doc | CursorReply

/** Drivers of that age look for the reason in `$err`. */
const asQueryFailure = (reply: Doc): Doc => new Map([['$err', reply.get('errmsg') ?? ''], ...reply])

let lastReplyId = 0

/** The bytes of an answer. */
export function encodeReply(request: Request, reply: Reply): Buffer {
  const told = request.legacy === 'query' && reply instanceof Map ? asQueryFailure(reply) : reply
  const body = told instanceof Map ? encode(told) : encodeCursor(told)
  const head = request.legacy ? legacyHead(request, body.length) : msgHead(request, body.length)
  return Buffer.concat([head, body])
}

function header(opCode: number, request: Request, size: { head: number; body: number }): Buffer {
  const head = Buffer.alloc(size.head)
  head.writeInt32LE(size.head + size.body, 0)
  lastReplyId = (lastReplyId + 1) & 0x7fffffff
  head.writeInt32LE(lastReplyId, 4)
  head.writeInt32LE(request.requestId, 8)
  head.writeInt32LE(opCode, 12)
  return head
}

function msgHead(request: Request, body: number): Buffer {
  return header(OP_MSG, request, { head: 21, body })
}

function legacyHead(request: Request, body: number): Buffer {
  const head = header(OP_REPLY, request, { head: 36, body })
  head.writeInt32LE(request.legacy === 'query' ? FLAG_QUERY_FAILURE : FLAG_AWAIT_CAPABLE, 16)
  head.writeInt32LE(1, 32)
  return head
}

/** The end of an answer: `ok: 1`. */
const OK = Buffer.from([0x01, 0x6f, 0x6b, 0x00, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x00])

/** The same, and the time of the last write (a BSON timestamp, 0x11). */
const OK_AT = Buffer.concat([OK.subarray(0, -1), Buffer.from('\u0011operationTime\0'), Buffer.alloc(9)])

function okAt({ value }: Timestamp): Buffer {
  const end = Buffer.from(OK_AT)
  end.writeBigUInt64LE(value, end.length - 9)
  return end
}

/** `{ cursor: { <field>: [...], id, ns, ...extra }, ok: 1 }` around raw documents. */
function encodeCursor({ ns, id, batch, field, extra, operationTime }: CursorReply): Buffer {
  const tail: Doc = new Map<string, bigint | string>([
    ['id', id],
    ['ns', ns],
  ])
  const rest = encode(extra ? new Map([...tail, ...extra]) : tail).subarray(4)
  const list = encodeList(batch)
  const name = Buffer.from(`\u0004${field}\0`)
  const cursorSize = 4 + name.length + list.length + rest.length
  const outer = Buffer.from('\u0003cursor\0')
  const ok = operationTime ? okAt(operationTime) : OK
  const start = Buffer.allocUnsafe(4)
  start.writeInt32LE(4 + outer.length + cursorSize + ok.length, 0)
  const cursorStart = Buffer.allocUnsafe(4)
  cursorStart.writeInt32LE(cursorSize, 0)
  return Buffer.concat([start, outer, cursorStart, name, list, rest, ok])
}

const NUMBERED = Array.from({ length: 1024 }, (_, i) => Buffer.from(`\u0003${i}\0`))

function encodeList(batch: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [Buffer.allocUnsafe(4)]
  for (let i = 0; i < batch.length; i++) {
    parts.push(NUMBERED[i] ?? Buffer.from(`\u0003${i}\0`), batch[i]!)
  }
  parts.push(Buffer.from([0]))
  const list = Buffer.concat(parts)
  list.writeInt32LE(list.length, 0)
  return list
}

/** Splits a validated BSON body's array into raw documents. @throws TypeMismatch (14) */
export function documentsOf(request: Request, field: string): Buffer[] {
  const sequence = request.sequences.get(field)
  if (sequence) {
    for (const document of sequence) validateBson(document)
    return sequence
  }
  const given = request.body.get(field)
  if (given === undefined) {
    throw mongoError('FailedToParse', `BSON field '${request.name}.${field}' is missing but a required field`)
  }
  if (!Array.isArray(given))
    throw mongoError(
      'TypeMismatch',
      `BSON field '${request.name}.${field}' is the wrong type, expected type 'array'`,
    )
  return given.map((item) => {
    if (!(item instanceof Map))
      throw mongoError(
        'TypeMismatch',
        `BSON field '${request.name}.${field}.0' is the wrong type, expected type 'object'`,
      )
    return encode(item)
  })
}
