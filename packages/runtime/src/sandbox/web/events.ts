// Event and EventTarget: WHATWG DOM, "Events", without a tree of nodes.
import { BEGAN_AT_MS } from '../run-clock.ts'
import { DOMException } from './dom-exception.ts'
import { accessor, demand, webInterface } from './interface.ts'
import { reportException } from './report.ts'

export { DOMException }

export interface EventInit {
  bubbles?: boolean
  cancelable?: boolean
  composed?: boolean
}

/** What a dispatch keeps on its event; nobody outside reads it. */
interface EventState {
  target: EventTarget | null
  current: EventTarget | null
  phase: number
  stopped: boolean
  stoppedNow: boolean
  canceled: boolean
  passive: boolean
  dispatching: boolean
}

let stateOf: (event: Event) => EventState

export class Event {
  readonly #type: string
  readonly #bubbles: boolean
  readonly #cancelable: boolean
  readonly #composed: boolean
  readonly #timeStamp = Date.now() - BEGAN_AT_MS
  readonly #state: EventState = {
    target: null,
    current: null,
    phase: 0,
    stopped: false,
    stoppedNow: false,
    canceled: false,
    passive: false,
    dispatching: false,
  }

  static {
    stateOf = (event) => event.#state
  }
  constructor(type: unknown, init: EventInit | null = {}) {
    demand(1, arguments.length, 'Event')
    dictionary(init, 'Event')
    this.#type = String(type)
    this.#bubbles = Boolean(init?.bubbles)
    this.#cancelable = Boolean(init?.cancelable)
    this.#composed = Boolean(init?.composed)
  }
  get type(): string {
    return this.#type
  }
  get target(): EventTarget | null {
    return this.#state.target
  }
  get srcElement(): EventTarget | null {
    return this.#state.target
  }
  get currentTarget(): EventTarget | null {
    return this.#state.current
  }
  composedPath(): EventTarget[] {
    return this.#state.current ? [this.#state.current] : []
  }
  get eventPhase(): number {
    return this.#state.phase
  }
  stopPropagation(): void {
    this.#state.stopped = true
  }
  get cancelBubble(): boolean {
    return this.#state.stopped
  }
  set cancelBubble(value: boolean) {
    if (value) this.#state.stopped = true
  }
  stopImmediatePropagation(): void {
    this.#state.stopped = true
    this.#state.stoppedNow = true
  }
  get bubbles(): boolean {
    return this.#bubbles
  }
  get cancelable(): boolean {
    return this.#cancelable
  }
  get returnValue(): boolean {
    return !this.#state.canceled
  }
  set returnValue(value: boolean) {
    if (!value) this.preventDefault()
  }
  preventDefault(): void {
    if (this.#cancelable && !this.#state.passive) this.#state.canceled = true
  }
  get defaultPrevented(): boolean {
    return this.#state.canceled
  }
  get composed(): boolean {
    return this.#composed
  }
  get isTrusted(): boolean {
    return false
  }
  get timeStamp(): number {
    return this.#timeStamp
  }
}
webInterface(Event, 'Event', { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 })

/** @throws TypeError for options that are none. */
export function dictionary(value: unknown, what: string): void {
  if (value !== undefined && value !== null && typeof value !== 'object' && typeof value !== 'function')
    throw new TypeError(`The options of ${what} must be an object.`)
}

export class CustomEvent extends Event {
  readonly #detail: unknown
  constructor(type: unknown, init: (EventInit & { detail?: unknown }) | null = {}) {
    demand(1, arguments.length, 'CustomEvent')
    super(type, init)
    this.#detail = init?.detail ?? null
  }
  get detail(): unknown {
    return this.#detail
  }
}
webInterface(CustomEvent, 'CustomEvent')

type Callback = ((event: Event) => unknown) | { handleEvent?(event: Event): unknown }

interface Registered {
  readonly type: string
  readonly callback: Callback
  readonly capture: boolean
  readonly once: boolean
  readonly passive: boolean
  removed: boolean
  /** Takes it off the list of the signal that would remove it. */
  forget: () => void
}

interface ListenerOptions {
  capture?: boolean
  once?: boolean
  passive?: boolean
  signal?: Abortable
}

interface Abortable {
  readonly aborted: boolean
}

/** What a listener's `signal` needs; abort.ts brings it, whose signals are event targets themselves. */
export interface Signals {
  isSignal(value: unknown): value is Abortable
  /** Runs once when it is aborted, never after the returned function was called. */
  whenAborted(signal: Abortable, run: () => void): () => void
}
let signals: Signals | undefined
export function connectSignals(given: Signals): void {
  signals = given
}

/** Calls `changed` with how many listeners of `type` a target has, whenever that may have changed. */
export let watchListeners: (target: EventTarget, type: string, changed: (count: number) => void) => void

export class EventTarget {
  #listeners: Registered[] = []
  #changed: (() => void) | null = null

  static {
    watchListeners = (target, type, changed) => {
      target.#changed = () => changed(target.#listeners.filter((each) => each.type === type).length)
    }
  }

  addEventListener(type: unknown, callback: unknown, options?: boolean | ListenerOptions | null): void {
    demand(2, arguments.length, 'addEventListener')
    const { capture, once, passive, signal } = flags(options)
    const listener = callbackOf(callback)
    if (signal?.aborted || !listener) return
    const name = String(type)
    if (this.#find(name, listener, capture)) return
    const added: Registered = {
      type: name,
      callback: listener,
      capture,
      once,
      passive,
      removed: false,
      forget: () => {},
    }
    this.#listeners.push(added)
    if (signal) added.forget = signals!.whenAborted(signal, () => this.#remove(added))
    this.#changed?.()
  }
  removeEventListener(type: unknown, callback: unknown, options?: boolean | ListenerOptions | null): void {
    demand(2, arguments.length, 'removeEventListener')
    const listener = callbackOf(callback)
    const capture = typeof options === 'object' ? Boolean(options?.capture) : Boolean(options)
    const found = listener && this.#find(String(type), listener, capture)
    if (found) this.#remove(found)
  }
  /** False when a listener prevented the default. What a listener throws is reported. @throws InvalidStateError */
  dispatchEvent(event: Event): boolean {
    demand(1, arguments.length, 'dispatchEvent')
    if (!(event instanceof Event)) throw new TypeError('dispatchEvent expects an Event.')
    const state = stateOf(event)
    if (state.dispatching)
      throw new DOMException('The event is being dispatched already.', 'InvalidStateError')
    state.dispatching = true
    state.target = this
    state.current = this
    state.phase = 2
    const listeners = this.#listeners.filter(({ type }) => type === event.type)
    for (const phase of [true, false]) {
      if (state.stopped) break
      for (const each of listeners) if (each.capture === phase) this.#call(each, event, state)
    }
    state.phase = 0
    state.current = null
    state.dispatching = false
    state.stopped = false
    state.stoppedNow = false
    return !state.canceled
  }
  #call(registered: Registered, event: Event, state: EventState): void {
    // At the target itself only stopImmediatePropagation keeps others from being called.
    if (registered.removed || state.stoppedNow) return
    if (registered.once) this.#remove(registered)
    state.passive = registered.passive
    const { callback } = registered
    try {
      if (typeof callback === 'function') callback.call(this, event)
      else if (typeof callback.handleEvent === 'function') callback.handleEvent(event)
      else throw new TypeError('A listener that is an object needs a method handleEvent.')
    } catch (error) {
      reportException(error)
    }
    state.passive = false
  }
  #find(type: string, callback: Callback, capture: boolean): Registered | undefined {
    return this.#listeners.find(
      (each) => each.type === type && each.callback === callback && each.capture === capture,
    )
  }
  #remove(registered: Registered): void {
    registered.removed = true
    registered.forget()
    this.#listeners = this.#listeners.filter((other) => other !== registered)
    this.#changed?.()
  }
}
webInterface(EventTarget, 'EventTarget')

function callbackOf(value: unknown): Callback | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'function' || typeof value === 'object') return value as Callback
  throw new TypeError('A listener is a function or an object with handleEvent.')
}

function flags(options: boolean | ListenerOptions | null | undefined) {
  if (typeof options !== 'object' || options === null)
    return { capture: Boolean(options), once: false, passive: false, signal: undefined }
  const { capture, once, passive, signal } = options
  if (signal !== undefined && !signals?.isSignal(signal))
    throw new TypeError('The option "signal" of addEventListener must be an AbortSignal.')
  return { capture: Boolean(capture), once: Boolean(once), passive: Boolean(passive), signal }
}

/** Defines `on<type>` attributes (WHATWG HTML, "event handlers") on the prototype of a class of event targets. */
export function handlerAttributes(of: { prototype: EventTarget }, types: readonly string[]): void {
  for (const type of types) {
    const values = new WeakMap<object, unknown>()
    const wrapped = new WeakSet<object>()
    accessor(
      of.prototype,
      `on${type}`,
      function (this: object) {
        return values.get(this) ?? null
      },
      function (this: EventTarget, value: unknown) {
        values.set(this, typeof value === 'function' || typeof value === 'object' ? value : null)
        if (wrapped.has(this) || typeof value !== 'function') return
        wrapped.add(this)
        this.addEventListener(type, (event: Event) => {
          const handler = values.get(this)
          if (typeof handler !== 'function') return
          if ((handler as (event: Event) => unknown).call(this, event) === false) event.preventDefault()
        })
      },
    )
  }
}
