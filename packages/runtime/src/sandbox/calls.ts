// Calls to the host in both spellings, and the host's calls into the service.
import { callSite, placeAt, type CallSite } from './call-sites.ts'
import { decodeValue } from './codec.ts'
import { encodeOut, flush, operate, operateText, outBytes } from './outbox.ts'
import type { PendingRequest } from './requests.ts'
import { errorData, type ErrorData } from './stacks.ts'
import { apply, create, stringify } from './intrinsics.ts'
import { continueFor, currentRequest } from './current-request.ts'
import { createLineBucket } from './token-bucket.ts'
import {
  LOG_BURST,
  LOG_LINES_PER_SECOND,
  MAX_ARGUMENT_CHARS,
  MAX_CALLS_IN_FLIGHT,
  MAX_CALLS_WAITING,
  OP,
} from './wire.contract.ts'

interface Waiting {
  resolve(value: unknown): void
  reject(error: unknown): void
  owner: PendingRequest | null
  site: CallSite | null
}

/** What the host gives back for a blocking call: `[ok, value]` as text, with bytes beside it. */
export type BlockingAnswer = string | { t: string; b: ArrayBuffer }
/** The captured way to the host for blocking calls. */
export type BlockingCall = (
  name: string,
  args: string,
  remainingMs: number,
  blob?: ArrayBuffer,
) => BlockingAnswer

const now = Date.now
const PromiseOf = Promise
const resolved = Promise.resolve.bind(Promise) as () => Promise<void>
const then = Promise.prototype.then

const waiting = new Map<number, Waiting>()
let backlog: string[] = []
let backlogAt = 0
let lastId = 0
let inFlight = 0
let block: BlockingCall | null = null
const handlers = new Map<string, (...args: unknown[]) => unknown>()
const makers = create(null) as Record<string, () => void>
const { slice, indexOf } = String.prototype

export function connectCalls(blocking: BlockingCall): void {
  block = blocking
}

/** An error of a host call: an `Error` with `code`. */
export function hostError(code: string, message: string, status?: number): Error {
  const error = new Error(message) as Error & { code: string; status?: number }
  error.code = code
  if (status !== undefined) error.status = status
  return error
}

/** Calls the host; the promise settles in a later turn. */
export function callHost(name: string, args: readonly unknown[]): Promise<unknown> {
  const site = callSite(callHost)
  return new PromiseOf((resolve, reject) => {
    const owner = currentRequest()
    const text = encodeArguments(name, args)
    const id = nextId()
    const call = `["${OP.call}",${id},${stringify(name)},${text},${remaining(owner)}]`
    waiting.set(id, { resolve, reject, owner, site })
    if (inFlight < MAX_CALLS_IN_FLIGHT) {
      inFlight++
      operateText(call)
    } else if (backlog.length - backlogAt < MAX_CALLS_WAITING) {
      // Bytes must leave with the text that names them, so what waits carries none.
      if (outBytes.size > 0) flush()
      backlog[backlog.length] = call
    } else {
      waiting.delete(id)
      throw hostError(
        'SERVICE_LIMIT_REACHED',
        `The limit of ${MAX_CALLS_WAITING} waiting calls is reached.`,
        429,
      )
    }
  })
}

/** Calls the host and stands still until it answers. Everything finished so far leaves first. */
export function callHostBlocking(name: string, args: readonly unknown[]): unknown {
  flush()
  const owner = currentRequest()
  const text = encodeArguments(name, args)
  const blob = outBytes.take()
  const answer = block!(name, text, remaining(owner), blob)
  const [ok, value] = (
    typeof answer === 'string' ? decodeValue(answer) : decodeValue(answer.t, answer.b)
  ) as [number, unknown]
  if (ok === 1) return value
  throw fromHost(value as ErrorData)
}

/** Tells the host something; no answer comes. */
export function tellHost(name: string, args: readonly unknown[]): void {
  const text = encodeArguments(name, args)
  operateText(`["${OP.tell}",${stringify(name)},${text}]`)
}

/** The host settled a call. */
export function completeCall(id: number, ok: boolean, value: unknown): void {
  const call = waiting.get(id)
  if (!call) return
  waiting.delete(id)
  if (backlogAt < backlog.length) {
    operateText(backlog[backlogAt++]!)
    if (backlogAt === backlog.length) {
      backlog = []
      backlogAt = 0
    }
  } else inFlight--
  const { owner } = call
  // Continuations run after the turn; this one runs right before the call's own and names whose they are.
  void apply(then, resolved(), [() => continueFor(owner)])
  continueFor(owner)
  if (ok) call.resolve(value)
  else call.reject(placeAt(fromHost(value as ErrorData), call.site))
}

/** Registers what {@link enterHandler} runs. */
export function onEnter(event: string, handler: (...args: unknown[]) => unknown): void {
  handlers.set(event, handler)
}

/** Registers what makes a module that has not been made yet, so that an entry for it finds its handlers. */
export function onUnheard(module: string, make: () => void): void {
  makers[module] = make
}

function handlerOf(event: string): ((...args: unknown[]) => unknown) | undefined {
  const handler = handlers.get(event)
  if (handler) return handler
  makers[apply(slice, event, [0, apply(indexOf, event, ['.'])]) as string]?.()
  return handlers.get(event)
}

/** A host module enters: runs the handler and sends back what comes of it. */
export function enterHandler(id: number, event: string, args: readonly unknown[]): void {
  const handler = handlerOf(event)
  if (!handler) return finish(id, false, { name: 'Error', message: `nothing listens to ${event}`, text: '' })
  try {
    const result = handler(...args)
    if (result instanceof PromiseOf)
      void apply(then, result, [
        (value: unknown) => finish(id, true, value),
        (error: unknown) => finish(id, false, errorData(error)),
      ])
    else finish(id, true, result)
  } catch (error) {
    finish(id, false, errorData(error))
  }
}

function finish(id: number, ok: boolean, value: unknown): void {
  let text: string
  try {
    text = encodeOut(value)
  } catch (error) {
    return finish(id, false, errorData(error))
  }
  operateText(`["${OP.finished}",${id},${ok ? 1 : 0},${text}]`)
}

function encodeArguments(name: string, args: readonly unknown[]): string {
  const text = encodeOut(args)
  if (text.length > MAX_ARGUMENT_CHARS)
    throw hostError(
      'SERVICE_ARGUMENT_INVALID',
      `"${name}" got more than ${MAX_ARGUMENT_CHARS} characters.`,
      413,
    )
  return text
}

function fromHost(data: ErrorData): Error {
  const error = hostError(data.code ?? 'RUNTIME_INTERNAL', data.message, data.status)
  const fields = (data as { fields?: unknown }).fields
  if (fields !== undefined) (error as { fields?: unknown }).fields = fields
  return error
}

function remaining(owner: PendingRequest | null): number {
  return owner ? Math.max(1, owner.deadlineMs - now()) : 0
}

function nextId(): number {
  lastId = lastId >= 0x7fffffff ? 1 : lastId + 1
  return lastId
}

const bucket = createLineBucket({ perSecond: LOG_LINES_PER_SECOND, burst: LOG_BURST })

/** A line of the run's log. What the token bucket refuses is counted and reported, never sent. */
export function logLine(level: string, text: string): void {
  const time = now()
  const passes = bucket.take(time)
  const dropped = bucket.report(time)
  if (dropped > 0)
    operate(OP.log, 'warn', `${dropped} log lines were dropped: more than ${LOG_LINES_PER_SECOND} a second.`)
  if (passes) operate(OP.log, level, text)
}
