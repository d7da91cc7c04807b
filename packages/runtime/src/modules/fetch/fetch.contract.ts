import type { OutboundAnswer } from '../../outbound/http.contract.ts'

/** The head of an answer, with its body: whole, none, or the number under which the rest is pulled. */
export interface OpenedAnswer extends Omit<OutboundAnswer, 'body'> {
  body: Uint8Array | number | null
  /** What of a numbered body is there already. */
  first: Uint8Array | null
}

/** The next bytes of a body; none yet when `done` is false and `bytes` is empty. */
export interface PulledBytes {
  done: boolean
  bytes: Uint8Array
}

/** A body up to this size comes with its head. */
export const WHOLE_BYTES = 256 * 1024
/** How long a head waits for the whole of a small body. */
export const WHOLE_WAIT_MS = 20
/** A pull without bytes answers after this time, and is asked again: host calls have a deadline. */
export const PULL_WAIT_MS = 15_000
/** Bodies of one run that are open at once. */
export const MAX_OPEN = 32
/** A body nobody pulls is given up after this time. */
export const UNREAD_MS = 60_000
/** Sockets of one run that are open at once. */
export const MAX_SOCKETS = 64
/** Longest message of a socket either way, as of `router.websocket`. */
export const MAX_MESSAGE_BYTES = 1024 * 1024

/** Events of a socket, as they enter the isolate: `fetch.socket` (id, kind, …). */
export const SOCKET_EVENT = 'fetch.socket'

export const fetchTexts = {
  FETCH_TOO_MANY_OPEN: (p: { what: string; limit: number }) =>
    `${p.limit} ${p.what} are open already; read them to their end, or close them.`,
  FETCH_BODY_GONE: () =>
    `This body is not there any more: it was given up, or not read for ${UNREAD_MS / 1000} seconds.`,
  FETCH_SOCKET_REFUSED: (p: { url: string; reason: string }) => `No socket to ${p.url}: ${p.reason}.`,
}
