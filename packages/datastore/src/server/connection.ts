import type { Socket } from 'node:net'
import type { Access } from './access.ts'
import type { Engine } from './engine.ts'
import type { Login } from './scram.ts'
import {
  encodeReply,
  HEADER_BYTES,
  MAX_MESSAGE_BYTES,
  parseMessage,
  ProtocolBreach,
  type Request,
} from './wire.ts'

interface ConnectionOptions {
  engine: Engine
  access: Access
  id: number
  /** The listener's: a Unix socket's path, or `127.0.0.1:<port>`. */
  address: string
  /** Where one must log in first. */
  login: Login | null
}

/** Messages that may wait on one connection; a client that sends on without reading is cut off. */
const MAX_QUEUED = 1000

/** Reads messages off a socket, has them answered in order, and writes the answers. */
export function createConnection(
  socket: Socket,
  { engine, access, id, address, login }: ConnectionOptions,
): void {
  const queue: Request[] = []
  let busy = false

  const serve = async (): Promise<void> => {
    busy = true
    for (let request = queue.shift(); request; request = queue.shift()) {
      const reply = await engine.run(request, { access, address, connectionId: id, login })
      if (!request.silent && !socket.destroyed) socket.write(encodeReply(request, reply))
    }
    busy = false
  }

  const take = (message: Buffer): void => {
    queue.push(parseMessage(message))
    if (queue.length > MAX_QUEUED) throw new ProtocolBreach('too many messages at once')
    if (!busy) void serve()
  }

  const read = createReader(take)
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    try {
      read(chunk)
    } catch (error) {
      if (!(error instanceof ProtocolBreach)) throw error
      socket.destroy()
    }
  })
}

/** Cuts a stream into messages; the chunks of a long one are joined once, when it is whole. */
function createReader(take: (message: Buffer) => void): (chunk: Buffer) => void {
  let waiting: Buffer[] = []
  let bytes = 0
  let wanted = HEADER_BYTES
  return (chunk) => {
    waiting.push(chunk)
    bytes += chunk.length
    if (bytes < wanted) return
    const buffer = waiting.length === 1 ? chunk : Buffer.concat(waiting)
    let at = 0
    wanted = HEADER_BYTES
    while (buffer.length - at >= HEADER_BYTES) {
      wanted = messageSize(buffer, at)
      if (buffer.length - at < wanted) break
      take(buffer.subarray(at, at + wanted))
      at += wanted
      wanted = HEADER_BYTES
    }
    waiting = at < buffer.length ? [buffer.subarray(at)] : []
    bytes = buffer.length - at
  }
}

function messageSize(buffer: Buffer, at: number): number {
  const size = buffer.readInt32LE(at)
  if (size < HEADER_BYTES || size > MAX_MESSAGE_BYTES) throw new ProtocolBreach(`a message of ${size} bytes`)
  return size
}
