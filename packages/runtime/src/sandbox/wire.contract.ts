// What passes between the prelude and the bridge: the numbers of items going in by `turn(text)`, the letters of
// operations coming out by `emit(text)`. Text in is `item,item,…` (a JSON list without its brackets); text out is
// `answer,answer,…` then a newline, then `operation,operation,…`. Answers pass the runner unparsed.

/** Items that enter. Each is a JSON list that begins with one of these. */
export const ITEM = {
  /** `[0, stream, method, url, rawHeaders, ip, body, wallMs, secure]`; body: null, text, or `[offset, length]` in the blob. */
  request: 0,
  /** `[1, callId, ok, value]`: the host settled a call. */
  completion: 1,
  /** `[2]`: the time asked for by {@link OP.wake} has come. */
  wake: 2,
  /** `[3, stream, bytes]`: so much more may be sent. */
  credit: 3,
  /** `[4, stream]`: the client is gone or the deadline has passed. */
  abort: 4,
  /** `[5, stream, data]`: a message on a socket; data: text or `[offset, length]`. */
  message: 5,
  /** `[6, stream, code, reason]`: the socket was closed. */
  closed: 6,
  /** `[7, id, event, args]`: a host module enters (`kernel.on`). */
  enter: 7,
} as const

/** Operations that leave. Each is a JSON list that begins with one of these. */
export const OP = {
  /** `["c", id, name, args, remainingMs]`: a host call; the answer is {@link ITEM.completion}. */
  call: 'c',
  /** `["t", name, args]`: a host call without an answer. */
  tell: 't',
  /** `["l", level, text]`: a line of the run's log. */
  log: 'l',
  /** `["w", delayMs | null]`: send {@link ITEM.wake} then. */
  wake: 'w',
  /** `["b", stream, [offset, length] | text, last]`: body bytes after an answer that said "more". */
  body: 'b',
  /** `["e", stream]`: the body broke off. */
  broken: 'e',
  /** `["m", stream, text | [offset, length]]`: a message to a socket. */
  message: 'm',
  /** `["x", stream, code, reason]`: close a socket. */
  close: 'x',
  /** `["r", index, method, pattern]`: a route was registered. */
  route: 'r',
  /** `["n", limit, text]`: a limit was passed. */
  limit: 'n',
  /** `["f", id, ok, value]`: an entered handler is done. */
  finished: 'f',
} as const

/**
 * An answer: `[stream, status, headers, body, route, more, file?]`. `headers`: 0 for JSON, 1 for plain text, 2 for bytes,
 * 3 for none, else a flat list of names and values. `body`: text. `route`: its index, -1 for none.
 * `more` 1: {@link OP.body} follows. 2: a socket is open. `file`: `{path, download?, maxAge?}` for the agent to serve.
 */
export const HEADERS = { json: 0, text: 1, bytes: 2, none: 3 } as const

/** RFC 9110: a field name is a token; a value is visible text, blanks and bytes beyond ASCII. */
export const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,200}$/
export const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
/** Of one answer; proxies in front take no more (nginx: 32 KB by default). */
export const MAX_HEADERS = 200
export const MAX_HEADER_BYTES = 32 * 1024

/** A slice of a turn: checked after every handler. */
export const SLICE_MS = 10
/** Host calls of one run under way at once; more wait inside. */
export const MAX_CALLS_IN_FLIGHT = 64
/** Host calls of one run waiting inside; one more is refused. */
export const MAX_CALLS_WAITING = 10_000
/** Timers of one run. */
export const MAX_TIMERS = 10_000
/** Bytes of a body a sender may have under way (architecture.md "Frames"). */
export const WINDOW_BYTES = 256 * 1024
/** Text of a body up to which it travels inside its answer. */
export const INLINE_CHARS = 32 * 1024
/** Text of answers and operations after which they are emitted at once. */
export const EMIT_CHARS = 256 * 1024
/** Text of arguments of one call. */
export const MAX_ARGUMENT_CHARS = 16 * 1024 * 1024
/** Log lines: token bucket of a run, in the prelude and again in the runner. */
export const LOG_LINES_PER_SECOND = 1000
export const LOG_BURST = 5000
