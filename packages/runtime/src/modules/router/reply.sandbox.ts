// What handlers return, and how it becomes an answer.
import { hostError } from '../../sandbox/calls.ts'
import { stringify } from '../../sandbox/intrinsics.ts'
import { answer, type PendingRequest } from '../../sandbox/requests.ts'
import { checkHeaders } from './reply-headers.sandbox.ts'
import { HEADERS } from '../../sandbox/wire.contract.ts'

/** Sends a body in parts; begins when the head has been sent. */
export interface BodyStream {
  run(request: PendingRequest): void
}

/** A response somebody made on purpose. */
export class Reply {
  status: number
  body: unknown
  /** Lower-case names are not required; a list gives a header several times. */
  headers: Record<string, unknown> | undefined
  file: { path: string; download?: string; maxAge?: number } | undefined
  stream: BodyStream | undefined
  /** No content type is added. */
  untyped = false
  constructor(status: number, body?: unknown, headers?: Record<string, unknown>) {
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** Thrown by what reads a request: answered with its status, without a log line. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const { isView } = ArrayBuffer
const TYPES = ['application/json; charset=utf-8', 'text/plain; charset=utf-8', 'application/octet-stream']

interface Encoded {
  kind: number
  body: string | Uint8Array
}

/** The value as a reply: branded, of the form `{status, body, headers?}`, or null when it is a body. */
export function asReply(value: unknown): Reply | null {
  if (value instanceof Reply) return value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { status, body, headers } = value as { status?: unknown; body?: unknown; headers?: unknown }
  if (!Number.isInteger(status) || (status as number) < 100 || (status as number) > 599) return null
  const keys = Object.keys(value)
  const known = keys.every((key) => key === 'status' || key === 'body' || key === 'headers')
  if (!known || !keys.includes('body')) return null
  return new Reply(status as number, body, headers as Record<string, unknown> | undefined)
}

/** Headers a context gathered: name, value, name, value. */
export type HeaderList = readonly string[]

/** Told apart by its code: passing the limit is counted. */
export const RESPONSE_TOO_LARGE = 'SERVICE_LIMIT_REACHED'
const tooLarge = (maxBytes: number) =>
  hostError(RESPONSE_TOO_LARGE, `The response is larger than the limit of ${maxBytes} bytes.`)

/** Answers with a reply and the headers the context gathered. @throws what `toJSON` or a circular body throws. */
export function sendReply(
  request: PendingRequest,
  reply: Reply,
  gathered: HeaderList | null,
  maxBytes: number,
): void {
  checkStatus(reply.status)
  const isBare = reply.stream || reply.file || NO_BODY.includes(reply.status)
  const { kind, body } = isBare ? { kind: HEADERS.none, body: '' } : encodeBody(reply.body)
  if (body.length > maxBytes) throw tooLarge(maxBytes)
  const headers =
    reply.headers || gathered
      ? headerList(reply.headers, gathered, reply.untyped ? HEADERS.none : kind)
      : kind
  if (reply.file) answer(request, { status: reply.status, headers, body: '', file: reply.file })
  else if (reply.stream) {
    answer(request, { status: reply.status, headers, body: '', more: 1 })
    reply.stream.run(request)
  } else answer(request, { status: reply.status, headers, body })
}

/** Answers with a bare value: the value itself is the body. */
export function sendValue(
  request: PendingRequest,
  value: unknown,
  gathered: HeaderList | null,
  maxBytes: number,
): void {
  if (gathered === null && typeof value === 'object' && value !== null && !isBytes(value)) {
    const body = stringify(value) ?? ''
    if (body.length > maxBytes) throw tooLarge(maxBytes)
    return answer(request, { status: 200, headers: HEADERS.json, body })
  }
  // Functions and symbols are no JSON: as nothing.
  const isNothing =
    value === undefined || value === null || typeof value === 'function' || typeof value === 'symbol'
  sendReply(request, isNothing ? new Reply(204) : new Reply(200, value), gathered, maxBytes)
}

/** RFC 9110: answers of these statuses have no content. */
const NO_BODY: readonly number[] = [204, 205, 304]

function checkStatus(status: unknown): void {
  if (Number.isInteger(status) && (status as number) >= 200 && (status as number) <= 599) return
  throw hostError(
    'SERVICE_ARGUMENT_INVALID',
    `A response has a status of 200 to 599, not ${String(status).slice(0, 50)}.`,
  )
}

function isBytes(value: object): boolean {
  return value instanceof ArrayBuffer || isView(value)
}

function encodeBody(body: unknown): Encoded {
  if (body === undefined) return { kind: HEADERS.none, body: '' }
  if (typeof body === 'string') return { kind: HEADERS.text, body }
  if (body instanceof ArrayBuffer) return { kind: HEADERS.bytes, body: new Uint8Array(body) }
  if (isView(body))
    return { kind: HEADERS.bytes, body: new Uint8Array(body.buffer, body.byteOffset, body.byteLength) }
  return { kind: HEADERS.json, body: stringify(body) ?? '' }
}

function headerList(
  own: Record<string, unknown> | undefined,
  gathered: HeaderList | null,
  kind: number,
): string[] {
  const list = gathered ? [...gathered] : []
  for (const name of own ? Object.keys(own) : []) {
    const value = own![name]
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined && each !== null) list.push(name, String(each))
  }
  let typed = kind === HEADERS.none
  for (let i = 0; i < list.length && !typed; i += 2) typed = list[i]!.toLowerCase() === 'content-type'
  if (!typed) list.push('content-type', TYPES[kind]!)
  checkHeaders(list)
  return list
}
