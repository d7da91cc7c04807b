// One protocol between agent and runner for requests, bodies, sockets, calls and figures:
// [len u32][kind u8][flags u8][reserved u16][run u32][stream u32][head bytes u32][head, JSON][bytes], little-endian;
// `len` counts what follows it.
import { Buffer } from 'node:buffer'

export const KIND = {
  /** To the runner. Stream 0: items for `turn`, unparsed. Else one request with a body: see {@link RequestHead}. */
  request: 1,
  /** To the agent. Answers, unparsed. */
  head: 2,
  /** A part of a body, or (of) a message on a socket. */
  chunk: 3,
  /** The body is whole; of a socket: `[code, reason]`. */
  end: 4,
  /** The other side is gone, or a body broke off. */
  abort: 5,
  /** Head: how many bytes more may be sent. */
  credit: 6,
  /** To the runner: `[id, method, parameter]`. */
  call: 7,
  /** To the agent: `[id, ok, value]`. */
  result: 8,
  log: 9,
  /** To the agent: figures, once a second; also the heartbeat. */
  metric: 10,
  /** To the agent: `[what, …]`. */
  control: 11,
} as const

export const FLAG = {
  /** More of the same body or message follows. */
  more: 1,
  /** A message of text. */
  text: 2,
} as const

export interface Frame {
  kind: number
  flags: number
  run: number
  stream: number
  /** JSON text; '' for none. */
  head: string
  bytes: Buffer
}

/** Bytes of a frame after `len` without head and bytes. */
const FIXED_BYTES = 16
/** Bytes a chunk carries at most. */
export const CHUNK_BYTES = 64 * 1024
/** Longest frame a runner may send: 256 Ki characters of answers, and room for one more. */
export const MAX_FROM_RUNNER_BYTES = 2 * 1024 * 1024
/** Longest frame the agent sends: the files of a run. */
export const MAX_FROM_AGENT_BYTES = 256 * 1024 * 1024

const none = Buffer.alloc(0)

/** The frame as bytes. */
export function encodeFrame({
  kind,
  flags = 0,
  run,
  stream = 0,
  head = '',
  bytes = none,
}: Partial<Frame> & Pick<Frame, 'kind' | 'run'>): Buffer {
  const headBytes = Buffer.byteLength(head)
  const length = FIXED_BYTES + headBytes + bytes.length
  const frame = Buffer.allocUnsafe(4 + length)
  frame.writeUInt32LE(length, 0)
  frame[4] = kind
  frame[5] = flags
  frame.writeUInt16LE(0, 6)
  frame.writeUInt32LE(run, 8)
  frame.writeUInt32LE(stream, 12)
  frame.writeUInt32LE(headBytes, 16)
  frame.write(head, 20, headBytes, 'utf8')
  if (bytes.length > 0) bytes.copy(frame, 20 + headBytes)
  return frame
}

/** What a peer did against the protocol. */
export class FrameBreach extends Error {}

/**
 * Cuts a byte stream into frames. `bytes` of a frame is a view, valid while the handler runs and as long as it is held.
 *
 * @throws FrameBreach from the returned function for lengths that cannot be.
 */
export function createFrameReader(
  maxBytes: number,
  onFrame: (frame: Frame) => void,
): (chunk: Buffer) => void {
  let held: Buffer[] = []
  let heldBytes = 0
  let wanted = 4
  return (chunk) => {
    held.push(chunk)
    heldBytes += chunk.length
    if (heldBytes < wanted) return
    let all = held.length === 1 ? chunk : Buffer.concat(held, heldBytes)
    let at = 0
    wanted = 4
    while (all.length - at >= 4) {
      const length = all.readUInt32LE(at)
      if (length < FIXED_BYTES || length > maxBytes) throw new FrameBreach(`a frame of ${length} bytes`)
      if (all.length - at < 4 + length) {
        wanted = 4 + length
        break
      }
      onFrame(frameAt(all, at, length))
      at += 4 + length
    }
    all = at > 0 ? all.subarray(at) : all
    held = all.length > 0 ? [all] : []
    heldBytes = all.length
  }
}

function frameAt(all: Buffer, at: number, length: number): Frame {
  const headBytes = all.readUInt32LE(at + 16)
  if (headBytes > length - FIXED_BYTES)
    throw new FrameBreach(`a head of ${headBytes} bytes in a frame of ${length}`)
  const headAt = at + 20
  return {
    kind: all[at + 4]!,
    flags: all[at + 5]!,
    run: all.readUInt32LE(at + 8),
    stream: all.readUInt32LE(at + 12),
    head: headBytes === 0 ? '' : all.toString('utf8', headAt, headAt + headBytes),
    bytes: headAt + headBytes === at + 4 + length ? none : all.subarray(headAt + headBytes, at + 4 + length),
  }
}

/** Head of a {@link KIND.request} frame with a body: everything of an item but the body. */
export type RequestHead = [
  method: string,
  url: string,
  rawHeaders: string[],
  ip: string,
  wallMs: number,
  secure: 0 | 1,
  maxBytes: number,
]
