import { Buffer } from 'node:buffer'
import type { Duplex } from 'node:stream'
import { createFrameReader, encodeFrame, type Frame } from './frame.ts'

export interface FrameChannelOptions {
  socket: Duplex
  /** Longest frame that may come. */
  maxBytes: number
  onFrame(frame: Frame): void
  /** The peer broke the protocol. Nothing is read after it. */
  onBreach(what: string): void
  /** The socket is closed, by whomever. Called once. */
  onClosed(): void
}

/** Frames over one socket; those of one tick of the event loop leave in one write. */
export class FrameChannel {
  readonly #socket: Duplex
  #out: Buffer[] = []
  #scheduled = false
  #closed = false
  readonly #flushers = new Set<() => void>()

  constructor({ socket, maxBytes, onFrame, onBreach, onClosed }: FrameChannelOptions) {
    this.#socket = socket
    const read = createFrameReader(maxBytes, (frame) => {
      if (!this.#closed) onFrame(frame)
    })
    socket.on('data', (chunk: Buffer) => {
      if (this.#closed) return
      try {
        read(chunk)
      } catch (error) {
        this.close()
        onBreach((error as Error).message)
      }
    })
    socket.on('error', () => {})
    socket.once('close', () => {
      this.#closed = true
      onClosed()
    })
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Bytes the peer has not taken yet. */
  get backlogBytes(): number {
    return this.#socket.writableLength
  }

  send(frame: Partial<Frame> & Pick<Frame, 'kind' | 'run'>): void {
    if (this.#closed) return
    this.#out.push(encodeFrame(frame))
    this.#schedule()
  }

  /** Asks for a write at the end of this tick; `flush` is called once right before it, to send what it has gathered. */
  beforeWrite(flush: () => void): void {
    this.#flushers.add(flush)
    this.#schedule()
  }

  close(): void {
    this.#closed = true
    this.#socket.destroy()
  }

  #schedule(): void {
    if (this.#scheduled || this.#closed) return
    this.#scheduled = true
    setImmediate(this.#write)
  }

  readonly #write = (): void => {
    for (const flush of this.#flushers) flush()
    this.#flushers.clear()
    this.#scheduled = false
    const out = this.#out
    this.#out = []
    if (this.#closed || out.length === 0) return
    this.#socket.write(out.length === 1 ? out[0]! : Buffer.concat(out))
  }
}
