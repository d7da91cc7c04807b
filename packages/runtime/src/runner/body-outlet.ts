import { Buffer } from 'node:buffer'
import { CHUNK_BYTES, FLAG, KIND } from '../frames/frame.ts'
import type { FrameChannel } from '../frames/frame-channel.ts'
import { WINDOW_BYTES } from '../sandbox/wire.contract.ts'

interface Part {
  bytes: Buffer
  flags: number
}

export interface BodyOutletOptions {
  channel: FrameChannel
  run: number
  stream: number
  /** So many bytes have left: the service may send as many more. */
  onSent(bytes: number): void
  /** The end has been sent. */
  onDone(): void
}

/** One body, or socket, on its way from a service to the agent: sends as much as it has credit for. */
export class BodyOutlet {
  readonly #options: BodyOutletOptions
  #parts: Part[] = []
  #credit = WINDOW_BYTES
  #end: string | null = null
  /** Bytes that wait for credit. */
  waitingBytes = 0

  constructor(options: BodyOutletOptions) {
    this.#options = options
  }

  /** `message`: the bytes are one message of a socket, not part of a body. */
  write(data: string | Uint8Array, message = false): void {
    const text = typeof data === 'string'
    const bytes = text ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    const flags = message && text ? FLAG.text : 0
    for (let at = 0; at < bytes.length || (message && at === 0); at += CHUNK_BYTES) {
      const more = message && at + CHUNK_BYTES < bytes.length ? FLAG.more : 0
      this.#parts.push({ bytes: bytes.subarray(at, at + CHUNK_BYTES), flags: flags | more })
    }
    this.waitingBytes += bytes.length
    this.#pump()
  }

  /** Ends it when everything has been sent. `head`: `[code, reason]` of a socket. */
  end(head = ''): void {
    this.#end = head
    this.#pump()
  }

  credit(bytes: number): void {
    this.#credit += bytes
    this.#pump()
  }

  #pump(): void {
    const { channel, run, stream } = this.#options
    while (this.#parts.length > 0 && this.#credit > 0) {
      const { bytes, flags } = this.#parts.shift()!
      this.#credit -= bytes.length
      this.waitingBytes -= bytes.length
      channel.send({ kind: KIND.chunk, run, stream, bytes, flags })
      this.#options.onSent(bytes.length)
    }
    if (this.#parts.length > 0 || this.#end === null) return
    channel.send({ kind: KIND.end, run, stream, head: this.#end })
    this.#end = null
    this.#options.onDone()
  }
}
