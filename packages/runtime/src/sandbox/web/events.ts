// Event, EventTarget, AbortController: WHATWG DOM without a tree.
import { errorData } from '../stacks.ts'
import { logLine } from '../calls.ts'
import { startTimer } from '../timers.ts'

export class Event {
  readonly type: string
  readonly cancelable: boolean
  readonly timeStamp = Date.now()
  defaultPrevented = false
  target: EventTarget | null = null
  currentTarget: EventTarget | null = null
  stopped = false

  constructor(type: string, init: { cancelable?: boolean } = {}) {
    this.type = String(type)
    this.cancelable = init.cancelable === true
  }
  preventDefault(): void {
    if (this.cancelable) this.defaultPrevented = true
  }
  stopPropagation(): void {}
  stopImmediatePropagation(): void {
    this.stopped = true
  }
}

export class CustomEvent extends Event {
  readonly detail: unknown
  constructor(type: string, init: { cancelable?: boolean; detail?: unknown } = {}) {
    super(type, init)
    this.detail = init.detail ?? null
  }
}

type Listener = ((event: Event) => unknown) | { handleEvent(event: Event): unknown }
interface Registered {
  type: string
  listener: Listener
  once: boolean
}

export class EventTarget {
  #listeners: Registered[] = []

  addEventListener(
    type: string,
    listener: Listener | null,
    options: boolean | { once?: boolean; signal?: AbortSignal } = {},
  ): void {
    if (!listener || this.#listeners.some((other) => other.type === type && other.listener === listener))
      return
    const { once = false, signal } = typeof options === 'object' ? options : {}
    if (signal?.aborted) return
    this.#listeners.push({ type, listener, once })
    signal?.addEventListener('abort', () => this.removeEventListener(type, listener), { once: true })
  }
  removeEventListener(type: string, listener: Listener | null): void {
    this.#listeners = this.#listeners.filter((other) => other.type !== type || other.listener !== listener)
  }
  /** False when a listener prevented the default. What a listener throws is logged. */
  dispatchEvent(event: Event): boolean {
    event.target = this
    event.currentTarget = this
    for (const registered of this.#listeners.slice()) {
      if (registered.type !== event.type || event.stopped) continue
      if (registered.once) this.removeEventListener(registered.type, registered.listener)
      try {
        if (typeof registered.listener === 'function') registered.listener.call(this, event)
        else registered.listener.handleEvent(event)
      } catch (error) {
        logLine('error', errorData(error).text)
      }
    }
    event.currentTarget = null
    return !event.defaultPrevented
  }
}

/** An error with a DOM name (`AbortError`, `TimeoutError`, `DataCloneError`). */
export class DOMException extends Error {
  constructor(message = '', name = 'Error') {
    super(message)
    this.name = name
  }
}

const key = Symbol('constructor')

export class AbortSignal extends EventTarget {
  aborted = false
  reason: unknown = undefined
  onabort: ((event: Event) => unknown) | null = null

  constructor(token?: unknown) {
    super()
    if (token !== key) throw new TypeError('An AbortSignal is made by an AbortController.')
  }
  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }
  static make(): AbortSignal {
    return new AbortSignal(key)
  }
  static abort(reason?: unknown): AbortSignal {
    const signal = AbortSignal.make()
    abortSignal(signal, reason)
    return signal
  }
  static timeout(delayMs: number): AbortSignal {
    const signal = AbortSignal.make()
    startTimer(
      () => abortSignal(signal, new DOMException('The operation timed out.', 'TimeoutError')),
      delayMs,
      false,
    )
    return signal
  }
  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const joined = AbortSignal.make()
    for (const signal of signals) {
      if (signal.aborted) {
        abortSignal(joined, signal.reason)
        break
      }
      signal.addEventListener('abort', () => abortSignal(joined, signal.reason), { once: true })
    }
    return joined
  }
}

/** Aborts once. */
export function abortSignal(signal: AbortSignal, reason?: unknown): void {
  if (signal.aborted) return
  signal.aborted = true
  signal.reason = reason === undefined ? new DOMException('The operation was aborted.', 'AbortError') : reason
  const event = new Event('abort')
  try {
    signal.onabort?.(event)
  } catch (error) {
    logLine('error', errorData(error).text)
  }
  signal.dispatchEvent(event)
}

export class AbortController {
  readonly signal = AbortSignal.make()
  abort(reason?: unknown): void {
    abortSignal(this.signal, reason)
  }
}
