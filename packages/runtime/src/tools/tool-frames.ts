import { Buffer } from 'node:buffer'

// Both directions: [u32 length of head][u32 length of bytes][head, JSON][bytes]. Not v8.serialize: what a
// helper sends back was made from hostile input, and JSON is the parser we trust with that.
const PREFIX = 8
const MAX_HEAD_BYTES = 64 * 1024 * 1024
const MAX_BYTES = 256 * 1024 * 1024

/** One message between the pool and a helper. */
export interface ToolFrame {
  head: unknown
  bytes: Uint8Array
}

const none = new Uint8Array(0)

/** The message as one buffer. */
export function encodeFrame(head: unknown, bytes: Uint8Array = none): Buffer {
  const text = Buffer.from(JSON.stringify(head))
  const prefix = Buffer.allocUnsafe(PREFIX)
  prefix.writeUInt32LE(text.length, 0)
  prefix.writeUInt32LE(bytes.length, 4)
  return Buffer.concat([prefix, text, bytes])
}

/**
 * Cuts a byte stream back into messages, in order.
 * @throws when a length is beyond all bounds or a head is no JSON: the peer is broken.
 */
export function createFrameReader(onFrame: (frame: ToolFrame) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = []
  let held = 0
  let wanted = PREFIX
  return (chunk) => {
    chunks.push(chunk)
    held += chunk.length
    while (held >= wanted) {
      const all = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
      const head = all.readUInt32LE(0)
      const bytes = all.readUInt32LE(4)
      if (head > MAX_HEAD_BYTES || bytes > MAX_BYTES) throw new Error('A tool frame is longer than allowed.')
      const length = PREFIX + head + bytes
      chunks = [all]
      if (held < length) {
        wanted = length
        return
      }
      onFrame({
        head: JSON.parse(all.toString('utf8', PREFIX, PREFIX + head)) as unknown,
        bytes: all.subarray(PREFIX + head, length),
      })
      chunks = held > length ? [all.subarray(length)] : []
      held -= length
      wanted = PREFIX
    }
  }
}
