// MessageChannel and MessagePort: WHATWG HTML, "Channel messaging", within one service.
import { startTimer } from '../timers.ts'
import { CLONE_HANDLERS, structuredClone } from './clone.ts'
import { DOMException, EventTarget, handlerAttributes } from './events.ts'
import { accessor, webInterface } from './interface.ts'
import { MessageEvent } from './message-events.ts'

const key = Symbol('constructor')
let joinPorts: (one: MessagePort, other: MessagePort) => void

export class MessagePort extends EventTarget {
  #other: MessagePort | null = null
  #queue: unknown[] | null = []
  #open = true

  declare onmessage: ((event: MessageEvent) => unknown) | null

  constructor(token?: unknown) {
    super()
    if (token !== key) throw new TypeError('Illegal constructor: a MessagePort is made by a MessageChannel.')
  }
  static {
    handlerAttributes(MessagePort, ['message', 'messageerror', 'close'])
    const { get, set } = Reflect.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage')!
    // This attribute starts the port, as `start()` does.
    accessor(MessagePort.prototype, 'onmessage', get!, function (this: MessagePort, value: never) {
      set!.call(this, value)
      this.start()
    })
    joinPorts = (one, other) => {
      one.#other = other
      other.#other = one
    }
  }
  postMessage(message: unknown, options?: unknown[] | { transfer?: unknown[] }): void {
    const transfer = Array.isArray(options) ? options : (options?.transfer ?? [])
    if (transfer.includes(this)) throw new DOMException('A port cannot carry itself.', 'DataCloneError')
    const data = structuredClone(message, { transfer })
    const other = this.#other
    if (!other || !this.#open) return
    if (other.#queue) other.#queue.push(data)
    else other.#deliver(data)
  }
  start(): void {
    const queue = this.#queue
    this.#queue = null
    for (const data of queue ?? []) this.#deliver(data)
  }
  close(): void {
    if (!this.#open) return
    this.#open = false
    const other = this.#other
    if (other) other.#open = false
    this.#other = null
  }
  #deliver(data: unknown): void {
    startTimer(() => void this.dispatchEvent(new MessageEvent('message', { data })), 0, false)
  }
}
webInterface(MessagePort, 'MessagePort')

// A port that is transferred is the same port: there is only one place it could be.
CLONE_HANDLERS.add((value) => (value instanceof MessagePort ? value : undefined))

export class MessageChannel {
  readonly #one = new MessagePort(key)
  readonly #other = new MessagePort(key)
  constructor() {
    joinPorts(this.#one, this.#other)
  }
  get port1(): MessagePort {
    return this.#one
  }
  get port2(): MessagePort {
    return this.#other
  }
}
webInterface(MessageChannel, 'MessageChannel')
