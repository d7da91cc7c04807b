import type { Socket } from 'node:net'
import type { Access } from './access.ts'
import type { Engine } from './engine.ts'
import {
  encodeReply,
  HEADER_BYTES,
  MAX_MESSAGE_BYTES,
  parseMessage,
  ProtocolBreach,
  type Request,
} from './wire.ts'

export interface ConnectionOptions {
  engine: Engine
  access: Access
  id: number
}

/** Messages that may wait on one connection; a client that sends on without reading is cut off. */
const MAX_QUEUED = 1000

/** Reads messages off a socket, has them answered in order, and writes the answers. */
export function createConnection(socket: Socket, { engine, access, id }: ConnectionOptions): void {
  let rest: Buffer = Buffer.alloc(0)
  const queue: Request[] = []
  let busy = false

  const serve = async (): Promise<void> => {
    busy = true
    for (let request = queue.shift(); request; request = queue.shift()) {
      const reply = await engine.run(request, { access, connectionId: id })
      if (!request.silent && !socket.destroyed) socket.write(encodeReply(request, reply))
    }
    busy = false
  }

  const take = (message: Buffer): void => {
    queue.push(parseMessage(message))
    if (queue.length > MAX_QUEUED) throw new ProtocolBreach('too many messages at once')
    if (!busy) void serve()
  }

  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => engine.connectionClosed(id))
  socket.on('data', (chunk: Buffer) => {
    try {
      rest = readMessages(rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk, take)
    } catch (error) {
      if (!(error instanceof ProtocolBreach)) throw error
      socket.destroy()
    }
  })
}

/** Hands over every whole message and gives back what is left. */
function readMessages(buffer: Buffer, take: (message: Buffer) => void): Buffer {
  let at = 0
  while (buffer.length - at >= HEADER_BYTES) {
    const size = buffer.readInt32LE(at)
    if (size < HEADER_BYTES || size > MAX_MESSAGE_BYTES)
      throw new ProtocolBreach(`a message of ${size} bytes`)
    if (buffer.length - at < size) break
    take(buffer.subarray(at, at + size))
    at += size
  }
  return at === 0 ? buffer : buffer.subarray(at)
}
