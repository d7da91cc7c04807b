import { EventEmitter } from 'node:events'
import { WebSocket } from 'ws'

export interface DevToolsEvent {
  method: string
  params: Record<string, never>
  sessionId?: string
}

interface Waiting {
  method: string
  resolve: (result: never) => void
  reject: (error: Error) => void
}

/** A connection to Chromium's DevTools protocol: commands by `send`, events by `onEvent`. */
export class DevTools {
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, Waiting>()
  // Every page listens to what the browser says.
  readonly #events = new EventEmitter().setMaxListeners(0)
  #lastId = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data: Buffer) => this.#receive(JSON.parse(data.toString())))
    socket.on('close', () => {
      for (const { reject, method } of this.#waiting.values())
        reject(new Error(`${method}: the browser is gone`))
      this.#waiting.clear()
    })
  }

  static async connect(url: string): Promise<DevTools> {
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 256 * 1024 * 1024 })
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return new DevTools(socket)
  }

  send<T = Record<string, never>>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = ++this.#lastId
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { method, resolve, reject })
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }))
    })
  }

  /** @param sessionId of an attached target; `browser` for the browser's own events */
  onEvent(sessionId: string, listener: (event: DevToolsEvent) => void): void {
    this.#events.on(sessionId, listener)
  }

  #receive(
    message: { id?: number; result?: never; error?: { message: string } } & Partial<DevToolsEvent>,
  ): void {
    if (message.id === undefined) {
      this.#events.emit(message.sessionId ?? 'browser', message)
      return
    }
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.error) waiting?.reject(new Error(`${waiting.method}: ${message.error.message}`))
    else waiting?.resolve(message.result as never)
  }
}
