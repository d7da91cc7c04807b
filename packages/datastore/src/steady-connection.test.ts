import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { SteadyConnection } from './steady-connection.ts'

/** What the driver's own class has, as far as this test calls it. */
interface Wire {
  writeCommand(message: { query: object; toBin(): Uint8Array[] }, options: object): Promise<void>
}

it('a command on a socket that is gone fails as one of the network, and does not wait', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'm3m-steady-'))
  const server = net.createServer().listen(join(folder, 'all.sock'))
  await once(server, 'listening')
  const socket = net.connect(join(folder, 'all.sock'))
  await once(socket, 'connect')
  const connection = new SteadyConnection(socket, {
    hostAddress: { toString: () => folder },
    generation: 0,
    id: 1,
  }) as unknown as Wire
  // Gone, and nobody has been told yet: "close" comes with the next turn of the event loop.
  socket.destroy()
  const message = { query: { ping: 1 }, toBin: () => [Buffer.from('a command')] }
  await expect(connection.writeCommand(message, { agreedCompressor: 'none' })).rejects.toMatchObject({
    name: 'MongoNetworkError',
    cause: { message: 'the connection to the database is closed' },
  })
  server.close()
  rmSync(folder, { recursive: true })
})
