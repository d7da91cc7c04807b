// Events that carry something: WHATWG HTML and WebSockets.
import { Event, type EventInit } from './events.ts'
import { webInterface } from './interface.ts'

interface MessageInit extends EventInit {
  data?: unknown
  origin?: string
  lastEventId?: string
  source?: unknown
  ports?: readonly unknown[]
}

export class MessageEvent extends Event {
  readonly #init: MessageInit
  constructor(type: unknown, init: MessageInit | null = {}) {
    super(type, init)
    this.#init = { ...init }
  }
  get data(): unknown {
    return this.#init.data ?? null
  }
  get origin(): string {
    return String(this.#init.origin ?? '')
  }
  get lastEventId(): string {
    return String(this.#init.lastEventId ?? '')
  }
  get source(): unknown {
    return this.#init.source ?? null
  }
  get ports(): readonly unknown[] {
    return Object.freeze([...(this.#init.ports ?? [])])
  }
}
webInterface(MessageEvent, 'MessageEvent')

interface CloseInit extends EventInit {
  wasClean?: boolean
  code?: number
  reason?: string
}

export class CloseEvent extends Event {
  readonly #init: CloseInit
  constructor(type: unknown, init: CloseInit | null = {}) {
    super(type, init)
    this.#init = { ...init }
  }
  get wasClean(): boolean {
    return Boolean(this.#init.wasClean)
  }
  get code(): number {
    return Number(this.#init.code ?? 0)
  }
  get reason(): string {
    return String(this.#init.reason ?? '')
  }
}
webInterface(CloseEvent, 'CloseEvent')

interface ErrorInit extends EventInit {
  message?: string
  filename?: string
  lineno?: number
  colno?: number
  error?: unknown
}

export class ErrorEvent extends Event {
  readonly #init: ErrorInit
  constructor(type: unknown, init: ErrorInit | null = {}) {
    super(type, init)
    this.#init = { ...init }
  }
  get message(): string {
    return String(this.#init.message ?? '')
  }
  get filename(): string {
    return String(this.#init.filename ?? '')
  }
  get lineno(): number {
    return Number(this.#init.lineno ?? 0)
  }
  get colno(): number {
    return Number(this.#init.colno ?? 0)
  }
  get error(): unknown {
    return this.#init.error
  }
}
webInterface(ErrorEvent, 'ErrorEvent')

export class PromiseRejectionEvent extends Event {
  readonly #init: { promise?: Promise<unknown>; reason?: unknown }
  constructor(type: unknown, init: EventInit & { promise?: Promise<unknown>; reason?: unknown }) {
    super(type, init)
    if (init?.promise === undefined) throw new TypeError('PromiseRejectionEvent needs a promise.')
    this.#init = { ...init }
  }
  get promise(): Promise<unknown> {
    return Promise.resolve(this.#init.promise)
  }
  get reason(): unknown {
    return this.#init.reason
  }
}
webInterface(PromiseRejectionEvent, 'PromiseRejectionEvent')
