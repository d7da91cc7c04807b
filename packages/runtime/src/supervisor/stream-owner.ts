import type { Buffer } from 'node:buffer'

/** An answer as it came from a runner, its shape checked; what is in it is still an author's. */
export interface CheckedAnswer {
  status: number
  /** 0 JSON, 1 text, 2 bytes, 3 none, else names and values in turn. */
  headers: number | string[]
  body: string
  /** Index of the route, -1 for none. */
  route: number
  /** 0 whole, 1 chunks follow, 2 a socket is open. */
  more: 0 | 1 | 2
  file: { path: string; download?: string; maxAge?: number } | null
  /** Bytes of the chunks that follow, when the service knows; it is held to it. */
  length: number | null
}

/** Whoever waits for the frames of one stream. Methods never throw. */
export interface StreamOwner {
  /** Unix time in milliseconds after which {@link StreamOwner.expired} is called; Infinity for none. */
  deadlineMs: number
  answered(answer: CheckedAnswer): void
  /** A part of the body, or of a message. `text`: the message is text; `more`: it goes on. */
  chunk(bytes: Buffer, text: boolean, more: boolean): void
  /** `head`: `[code, reason]` of a socket, as JSON. */
  ended(head: string): void
  /** The body broke off. */
  broken(): void
  /** The runner can take so many bytes more. */
  credit(bytes: number): void
  /** The deadline has passed. The stream is closed after this. */
  expired(): void
  /** The run is stopping: sockets and endless streams end now, answers are waited for. */
  drain(): void
  /** The run or its runner is gone. The stream is closed after this. */
  lost(): void
}
