import net from 'node:net'
import { serialize, type Document } from 'bson'

/** A client that sends commands built beforehand and only counts answers: the server's own speed, without the driver. */
interface RawClient {
  /** Sends a command and waits for its answer. */
  send(message: Buffer): Promise<void>
  close(): void
}

export async function connectRaw(path: string): Promise<RawClient> {
  const socket = net.connect(path)
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  let rest: Buffer = Buffer.alloc(0)
  const waiting: (() => void)[] = []
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    while (rest.length >= 16 && rest.length >= rest.readInt32LE(0)) {
      rest = rest.subarray(rest.readInt32LE(0))
      waiting.shift()!()
    }
  })
  return {
    send(message) {
      socket.write(message)
      return new Promise((resolve) => waiting.push(resolve))
    },
    close: () => socket.destroy(),
  }
}

export function opMsg(command: Document): Buffer {
  const body = serialize(command)
  const head = Buffer.alloc(21)
  head.writeInt32LE(21 + body.length, 0)
  head.writeInt32LE(1, 4)
  head.writeInt32LE(2013, 12)
  return Buffer.concat([head, body])
}
