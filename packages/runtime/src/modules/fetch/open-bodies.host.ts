import type { Readable } from 'node:stream'
import type { OpenAnswer } from '../../outbound/http-client.ts'
import {
  MAX_OPEN,
  PULL_WAIT_MS,
  UNREAD_MS,
  WHOLE_BYTES,
  WHOLE_WAIT_MS,
  type OpenedAnswer,
  type PulledBytes,
} from './fetch.contract.ts'
import { fetchErrors } from './fetch.errors.ts'

/** Bodies of answers that a run reads piece by piece. */
export interface OpenBodies {
  /** Asks, and gives the head with the body if that is small, else with its number. @throws FETCH_TOO_MANY_OPEN and what `begin` throws */
  open(begin: (life: AbortSignal) => Promise<OpenAnswer>): Promise<OpenedAnswer>
  /** @throws FETCH_BODY_GONE; the error the body ended with */
  pull(id: unknown): Promise<PulledBytes>
  cancel(id: unknown): void
  close(): void
}

export function createOpenBodies(): OpenBodies {
  const open = new Map<number, OpenBody>()
  let lastId = 0
  let opening = 0

  const drop = (id: unknown): void => {
    open.get(id as number)?.end()
    open.delete(id as number)
  }
  return {
    async open(begin) {
      if (open.size + opening >= MAX_OPEN)
        throw fetchErrors.FETCH_TOO_MANY_OPEN({ what: 'answers', limit: MAX_OPEN })
      opening++
      try {
        const life = new AbortController()
        const { body, ...head } = await begin(life.signal)
        const reading = new OpenBody(body, life, () => drop(id))
        const id = ++lastId
        const { bytes, done } = await reading.begin()
        if (done) return { ...head, body: bytes.length > 0 ? bytes : null, first: null }
        open.set(id, reading)
        return { ...head, body: id, first: bytes.length > 0 ? bytes : null }
      } finally {
        opening--
      }
    },
    async pull(id) {
      const reading = open.get(id as number)
      if (!reading) throw fetchErrors.FETCH_BODY_GONE(undefined)
      try {
        const pulled = await reading.pull()
        if (pulled.done) drop(id)
        return pulled
      } catch (error) {
        drop(id)
        throw error
      }
    },
    cancel: drop,
    close() {
      for (const id of [...open.keys()]) drop(id)
    },
  }
}

const nothing = new Uint8Array(0)

class OpenBody {
  readonly #life: AbortController
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #onUnread: () => void
  #next: Promise<IteratorResult<Uint8Array>> | undefined
  #unread: NodeJS.Timeout | undefined

  constructor(body: Readable, life: AbortController, onUnread: () => void) {
    this.#life = life
    this.#onUnread = onUnread
    this.#chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  }

  /** What comes within a moment: the whole of a small body. */
  async begin(): Promise<PulledBytes> {
    const parts: Uint8Array[] = []
    const until = Date.now() + WHOLE_WAIT_MS
    let size = 0
    while (size < WHOLE_BYTES) {
      const { done, bytes } = await this.#take(Math.max(0, until - Date.now()))
      parts.push(bytes)
      size += bytes.length
      if (done) return { done, bytes: Buffer.concat(parts) }
      if (bytes.length === 0) break
    }
    this.#rest()
    return { done: false, bytes: Buffer.concat(parts) }
  }

  async pull(): Promise<PulledBytes> {
    clearTimeout(this.#unread)
    const pulled = await this.#take(PULL_WAIT_MS)
    if (!pulled.done) this.#rest()
    return pulled
  }

  end(): void {
    clearTimeout(this.#unread)
    this.#life.abort()
    this.#next?.catch(() => {})
  }

  /** A chunk, if one comes in time. */
  async #take(waitMs: number): Promise<PulledBytes> {
    this.#next ??= this.#chunks.next()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), waitMs)
    })
    const step = await Promise.race([this.#next, late]).finally(() => clearTimeout(timer))
    if (step === null) return { done: false, bytes: nothing }
    this.#next = undefined
    return step.done ? { done: true, bytes: nothing } : { done: false, bytes: step.value }
  }

  #rest(): void {
    clearTimeout(this.#unread)
    this.#unread = setTimeout(this.#onUnread, UNREAD_MS)
    this.#unread.unref()
  }
}
