// Requests as they live inside: who is answered, who is the culprit when an entry is cut off.
import { INLINE_CHARS, OP, WINDOW_BYTES } from './wire.contract.ts'
import { answerText, encodeOut, operate, operateText } from './outbox.ts'

const { stringify } = JSON
const now = Date.now

/** The parts of a request item, unparsed where parsing may be saved. */
export interface RequestParts {
  readonly method: string
  readonly url: string
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  readonly ip: string
  readonly body: string | Uint8Array | null
  readonly secure: boolean
}

/** One request between its item and its answer. */
export class PendingRequest {
  readonly stream: number
  readonly parts: RequestParts
  readonly deadlineMs: number
  /** Index of the route that matched, for the counters; -1 before. */
  route = -1
  answered = false
  /** The body, or socket, goes on after the answer. */
  open = false
  window = WINDOW_BYTES
  /** Runs once when the client is gone or the deadline has passed. */
  onAbort: (() => void) | null = null
  onCredit: (() => void) | null = null
  onMessage: ((data: string | Uint8Array) => void) | null = null
  onClosed: ((code: number, reason: string) => void) | null = null

  constructor(stream: number, parts: RequestParts, wallMs: number) {
    this.stream = stream
    this.parts = parts
    this.deadlineMs = now() + wallMs
  }
}

const pending = new Map<number, PendingRequest>()

export function beginRequest(request: PendingRequest): void {
  pending.set(request.stream, request)
}

export function pendingRequest(stream: number): PendingRequest | undefined {
  return pending.get(stream)
}

/** What an answer consists of. `headers` as in HEADERS of the wire contract. */
export interface Answer {
  status: number
  headers: number | readonly string[]
  body: string | Uint8Array
  more?: 0 | 1 | 2
  file?: { path: string; download?: string; maxAge?: number }
}

/** Sends the answer; the first one counts. */
export function answer(request: PendingRequest, { status, headers, body, more = 0, file }: Answer): void {
  if (request.answered) return
  request.answered = true
  const big = more === 0 && (typeof body !== 'string' ? body.byteLength > 0 : body.length > INLINE_CHARS)
  const inline = typeof body === 'string' && !big ? body : ''
  const head = typeof headers === 'number' ? `${headers}` : stringify(headers)
  // Clients show how far a download is by its length.
  const length = big && typeof body !== 'string' ? body.byteLength : null
  const tail = length !== null ? `,null,${length}` : file ? `,${stringify(file)}` : ''
  const goesOn = big ? 1 : more
  answerText(`[${request.stream},${status},${head},${stringify(inline)},${request.route},${goesOn}${tail}]`)
  if (big) sendBody(request.stream, body)
  if (more === 0) pending.delete(request.stream)
  else request.open = true
}

function sendBody(stream: number, body: string | Uint8Array): void {
  if (typeof body === 'string') operate(OP.body, stream, body, 1)
  else operateText(`["${OP.body}",${stream},${encodeOut(body)},1]`)
}

/** Sends a part of a body. Whoever sends keeps to `request.window`. */
export function sendChunk(request: PendingRequest, bytes: Uint8Array): void {
  request.window -= bytes.byteLength
  operateText(`["${OP.body}",${request.stream},${encodeOut(bytes)},0]`)
}

/** Ends a body that was sent in parts. */
export function endBody(request: PendingRequest, broken = false): void {
  if (!pending.delete(request.stream)) return
  if (broken) operate(OP.broken, request.stream)
  else operate(OP.body, request.stream, '', 1)
}

/** The client is gone, the deadline has passed, or the socket was closed: nothing may be sent any more. */
export function dropRequest(stream: number): PendingRequest | undefined {
  const request = pending.get(stream)
  if (!request) return undefined
  pending.delete(stream)
  request.answered = true
  request.open = false
  return request
}
