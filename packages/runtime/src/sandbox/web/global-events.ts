// The global object as a target of events, and `reportError`: WHATWG HTML, "WindowOrWorkerGlobalScope".
import { logLine } from '../calls.ts'
import { provided } from '../globals.ts'
import { errorData } from '../stacks.ts'
import { Event, EventTarget } from './events.ts'
import { ErrorEvent } from './message-events.ts'
import { onReported, reportException } from './report.ts'

const target = new EventTarget()
let asking = false

onReported((error) => {
  // An error of an error listener must not come back here.
  if (asking) return false
  asking = true
  try {
    const { message, position } = errorData(error)
    return !target.dispatchEvent(
      new ErrorEvent('error', {
        cancelable: true,
        message,
        error,
        ...(position && { filename: position.file, lineno: position.line, colno: position.column }),
      }),
    )
  } finally {
    asking = false
  }
})

/** Names that are here for code that knows them from elsewhere, with what to do instead. */
const NEVER = ['unhandledrejection', 'rejectionhandled']

export const addEventListener = (
  type: unknown,
  callback: unknown,
  options?: boolean | { once?: boolean } | null,
): void => {
  const name = String(type)
  if (name === 'fetch') return serveEvents(callback)
  if (NEVER.includes(name))
    logLine(
      'warn',
      `There are no "${name}" events here: a rejection nobody handles is a line of the log with its place, and never ends the run.`,
    )
  target.addEventListener(type, callback, options)
}

/** The older form of services for workers: `event.respondWith(response)`. */
function serveEvents(callback: unknown): void {
  if (typeof callback !== 'function') throw new TypeError('A listener for "fetch" is a function.')
  const router = provided('router') as { serve(service: object): void }
  router.serve({
    fetch(request: unknown, _env: unknown, execution: { waitUntil(promise: unknown): void }) {
      const event = new FetchEvent('fetch', { request, waitUntil: (promise) => execution.waitUntil(promise) })
      ;(callback as (event: Event) => void)(event)
      return event.response
    },
  })
}

class FetchEvent extends Event {
  readonly request: unknown
  readonly waitUntil: (promise: unknown) => void
  response: unknown
  constructor(type: string, init: { request: unknown; waitUntil: (promise: unknown) => void }) {
    super(type, { cancelable: true })
    this.request = init.request
    this.waitUntil = init.waitUntil
  }
  respondWith(response: unknown): void {
    if (this.response !== undefined) throw new TypeError('This request was answered already.')
    this.response = response
  }
}

export const removeEventListener = (type: unknown, callback: unknown, options?: boolean | null): void =>
  target.removeEventListener(type, callback, options)
export const dispatchEvent = (event: Event): boolean => target.dispatchEvent(event)

export const reportError = (error: unknown): void => reportException(error)
