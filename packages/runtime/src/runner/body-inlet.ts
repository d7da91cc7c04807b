import { Buffer } from 'node:buffer'
import type { RequestHead } from '../frames/frame.ts'

/** A request whose body is still coming. */
export class BodyInlet {
  readonly head: RequestHead
  #chunks: Buffer[] = []
  size = 0

  constructor(head: RequestHead) {
    this.head = head
  }

  /** False when the body is longer than allowed. */
  add(bytes: Buffer): boolean {
    this.size += bytes.length
    if (this.size > this.head[6]) return false
    this.#chunks.push(Buffer.from(bytes))
    return true
  }

  take(): Buffer {
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.size)
  }
}
