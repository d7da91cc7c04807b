import { chmodSync, rmSync } from 'node:fs'
import net from 'node:net'
import type { Access } from './access.ts'
import { createConnection } from './connection.ts'
import type { Engine } from './engine.ts'
import { createLogin, type ScramSecrets } from './scram.ts'

/** Connections at once on all listeners together. */
const MAX_CONNECTIONS = 1000

/** A place to listen at, and what its connections may reach. */
interface Listener {
  /** A Unix socket's path, made anew with mode 0600; or a port of the loopback, where one must log in. */
  at: string | { port: number; secrets: ScramSecrets }
  access: Access
}

/** Serves an engine on sockets. */
export interface Server extends AsyncDisposable {
  /** Gives the port (0 for a Unix socket). */
  listen(listener: Listener): Promise<number>
}

export function createServer(engine: Engine): Server {
  const servers: { server: net.Server; path: string | null }[] = []
  const sockets = new Set<net.Socket>()
  let lastId = 0

  const accept = (socket: net.Socket, { access, at }: Listener): void => {
    if (sockets.size >= MAX_CONNECTIONS) {
      socket.destroy()
      return
    }
    sockets.add(socket)
    const id = ++lastId
    socket.on('close', () => {
      sockets.delete(socket)
      engine.disconnected(id)
    })
    const onPath = typeof at === 'string'
    const login = onPath ? null : createLogin(at.secrets)
    const address = onPath ? at : `127.0.0.1:${socket.localPort}`
    createConnection(socket, { engine, access, login, id, address })
  }

  return {
    async listen(listener) {
      const { at } = listener
      const path = typeof at === 'string' ? at : null
      if (path) rmSync(path, { force: true })
      const server = net.createServer((socket) => accept(socket, listener))
      servers.push({ server, path })
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        if (typeof at === 'string') server.listen(at, resolve)
        else server.listen(at.port, '127.0.0.1', resolve)
      })
      if (!path) return (server.address() as net.AddressInfo).port
      chmodSync(path, 0o600)
      return 0
    },
    async [Symbol.asyncDispose]() {
      for (const { server } of servers) server.close()
      for (const socket of sockets) socket.destroy()
      for (const { path } of servers) if (path) rmSync(path, { force: true })
    },
  }
}
