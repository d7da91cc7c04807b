// What a `Response` of the web is to the router, without the router bringing all of `fetch` along.

/** A response in parts. */
export interface WebReply {
  status: number
  headers: readonly (readonly [string, string])[]
  body: Uint8Array | AsyncIterable<unknown> | null
}

let read: ((value: unknown) => WebReply | null) | null = null

/** Called by who makes the class `Response`. */
export function readWebReplies(reader: (value: unknown) => WebReply | null): void {
  read = reader
}

/** The parts of a `Response`, whose body counts as read now; null for everything else. @throws TypeError when it was read */
export function webReply(value: unknown): WebReply | null {
  return read ? read(value) : null
}
