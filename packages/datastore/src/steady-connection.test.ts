import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SteadyConnection } from './steady-connection.ts'

let folder: string
let server: net.Server
/** The server's end, and the client's with the driver's connection on it. */
let theirs: net.Socket
let socket: net.Socket
let connection: SteadyConnection

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-steady-'))
  server = net.createServer({ pauseOnConnect: true, allowHalfOpen: true }).listen(join(folder, 'all.sock'))
  await once(server, 'listening')
  socket = net.connect(join(folder, 'all.sock'))
  ;[[theirs]] = (await Promise.all([once(server, 'connection'), once(socket, 'connect')])) as [
    [net.Socket],
    unknown,
  ]
  const hostAddress = { toString: () => folder }
  connection = new SteadyConnection(socket, { hostAddress, generation: 0, id: 1 })
})

afterEach(() => {
  socket.destroy()
  theirs.destroy()
  server.close()
  rmSync(folder, { recursive: true })
})

const write = (bytes: number) => {
  const command = { query: { ping: 1 }, toBin: () => [Buffer.alloc(bytes)] }
  return connection.writeCommand(command, { agreedCompressor: 'none' })
}
const REFUSED = { name: 'MongoNetworkError' }

describe('a command fails as one of the network, and does not wait, on a socket that', () => {
  it('is destroyed, and nobody has been told yet', async () => {
    // "close" comes with the next turn of the event loop.
    socket.destroy()
    await expect(write(10)).rejects.toMatchObject(REFUSED)
  })

  it('the other side has ended', async () => {
    socket.resume()
    theirs.end()
    await once(socket, 'end')
    await expect(write(10)).rejects.toMatchObject(REFUSED)
  })

  it('the other side has ended, and that is destroyed', async () => {
    socket.resume()
    theirs.end()
    await once(socket, 'end')
    socket.destroy()
    await expect(write(10)).rejects.toMatchObject(REFUSED)
  })

  it('is destroyed while its bytes are on the way', async () => {
    const written = write(10_000_000)
    await expect.poll(() => socket.writableNeedDrain).toBe(true)
    socket.destroy()
    await expect(written).rejects.toMatchObject(REFUSED)
  })

  it('breaks while its bytes are on the way', async () => {
    const written = write(10_000_000)
    await expect.poll(() => socket.writableNeedDrain).toBe(true)
    theirs.destroy()
    await expect(written).rejects.toMatchObject(REFUSED)
  })
})

it('a command that waits for the other side to read is written when it does', async () => {
  const written = write(10_000_000)
  await expect.poll(() => socket.writableNeedDrain).toBe(true)
  theirs.resume()
  await expect(written).resolves.toBeUndefined()
  expect(connection.listenerCount('close')).toBe(0)
})
