// The one way in. Items are handled in arrival order; the slice is checked after every handler.
import { restore, sliceOf } from './codec.ts'
import { completeCall, enterHandler } from './calls.ts'
import {
  continueFor,
  continueForNobody,
  currentRequest,
  forgetTouched,
  touchedRequests,
} from './current-request.ts'
import { flush, operate, setInTurn } from './outbox.ts'
import {
  answer,
  beginRequest,
  dropRequest,
  PendingRequest,
  pendingRequest,
  type RequestParts,
} from './requests.ts'
import { HEADERS, ITEM, OP, SLICE_MS } from './wire.contract.ts'
import { runTimer, wake, type Timer } from './timers.ts'

type Item = [kind: number, ...rest: unknown[]]
type Work = Item | Timer

const { parse } = JSON
const { isArray } = Array
const now = Date.now

let queue: Work[] = []
let at = 0
let blobs: { from: number; blob: ArrayBuffer }[] = []
let handling = false
let onRequest: (request: PendingRequest) => void = (request) => answer(request, notFound)
const notFound = { status: 404, headers: HEADERS.json, body: '{"error":"There is no such route."}' }
const cutOff = {
  status: 504,
  headers: HEADERS.json,
  body: '{"error":"The service computed for longer than its limit allows; the call was cut off."}',
}

/** The router's handler of requests. */
export function handleRequests(handler: (request: PendingRequest) => void): void {
  onRequest = handler
}

/** More work for the end of the queue (due timers). */
export function enqueue(work: Timer): void {
  queue[queue.length] = work
}

/**
 * Takes items and handles as many as fit a slice.
 *
 * @param text items without brackets, or '' to go on.
 * @param blob bytes the items name.
 * @param interrupted the entry before was cut off by its limit.
 * @returns 1 when there is more to do.
 */
export function turn(text: string, blob?: ArrayBuffer, interrupted?: boolean): 0 | 1 {
  if (handling || interrupted) recover()
  forgetTouched()
  setInTurn(true)
  if (text !== '') take(text, blob)
  const until = now() + SLICE_MS
  handling = true
  while (at < queue.length) {
    handle(queue[at++]!)
    if (now() > until) break
  }
  handling = false
  continueForNobody()
  const more = at < queue.length
  if (!more) {
    queue = []
    at = 0
    blobs = []
  }
  flush()
  setInTurn(false)
  return more ? 1 : 0
}

function take(text: string, blob: ArrayBuffer | undefined): void {
  const items = parse(`[${text}]`) as Item[]
  if (blob) blobs[blobs.length] = { from: queue.length, blob }
  if (at >= queue.length) {
    queue = items
    at = 0
    if (blob) blobs = [{ from: 0, blob }]
    return
  }
  for (let i = 0; i < items.length; i++) queue[queue.length] = items[i]!
}

/** The blob that came with the item being handled. */
function blobHere(): ArrayBuffer | undefined {
  for (let i = blobs.length - 1; i >= 0; i--) if (blobs[i]!.from < at) return blobs[i]!.blob
  return undefined
}

/** An entry was cut off: inside a handler that one is the culprit, after it all who went on in that entry may be. */
function recover(): void {
  const current = currentRequest()
  const culprits = handling && current ? [current] : touchedRequests()
  handling = false
  continueForNobody()
  for (const request of culprits) {
    if (!request.answered) blame(request, 'failed: it')
    if (!request.answered) answer(request, cutOff)
    else if (request.open && !request.onMessage) breakOff(request)
  }
}

function blame({ parts: { method, url } }: PendingRequest, what: string): void {
  const mark = url.indexOf('?')
  const path = (mark < 0 ? url : url.slice(0, mark)).slice(0, 200)
  operate(
    OP.log,
    'error',
    `${method} ${path} ${what} computed for longer than its limit allows and was cut off.`,
  )
}

/** What fed the stream was cut off and never comes back: its client must not wait. A socket lives on, by its next message. */
function breakOff(request: PendingRequest): void {
  blame(request, 'was broken off: its stream')
  operate(OP.broken, request.stream)
  request.open = false
  queue[queue.length] = [ITEM.abort, request.stream]
}

function handle(work: Work): void {
  continueForNobody()
  if (!isArray(work)) return runTimer(work)
  switch (work[0]) {
    case ITEM.request:
      return request(work)
    case ITEM.completion:
      return completeCall(work[1] as number, work[2] === 1, restore(work[3], blobHere()))
    case ITEM.wake:
      return wake(enqueue)
    case ITEM.enter:
      return enterHandler(work[1] as number, work[2] as string, restore(work[3], blobHere()) as unknown[])
    default:
      return streamItem(work)
  }
}

function request(item: Item): void {
  const [, stream, method, url, rawHeaders, ip, body, wallMs, secure] = item
  const parts = {
    method,
    url,
    rawHeaders,
    ip,
    body: isArray(body) ? sliceOf(blobHere(), body[0], body[1]) : body,
    secure: secure === 1,
  } as RequestParts
  const begun = new PendingRequest(stream as number, parts, wallMs as number)
  beginRequest(begun)
  continueFor(begun)
  onRequest(begun)
}

function streamItem(item: Item): void {
  const stream = item[1] as number
  if (item[0] === ITEM.abort) return dropRequest(stream)?.onAbort?.()
  const request = pendingRequest(stream)
  if (!request) return
  continueFor(request)
  if (item[0] === ITEM.credit) {
    request.window += item[2] as number
    request.onCredit?.()
  } else if (item[0] === ITEM.message) {
    const data = isArray(item[2]) ? sliceOf(blobHere(), item[2][0], item[2][1]) : (item[2] as string)
    request.onMessage?.(data)
  } else if (item[0] === ITEM.closed) {
    dropRequest(stream)
    request.onClosed?.(item[2] as number, item[3] as string)
  }
}
