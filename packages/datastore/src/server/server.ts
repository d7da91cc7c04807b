import { chmodSync, rmSync } from 'node:fs'
import net from 'node:net'
import type { Access } from './access.ts'
import { createConnection } from './connection.ts'
import type { Engine } from './engine.ts'

/** Connections at once on all listeners together. */
const MAX_CONNECTIONS = 1000

/** A place to listen at, and what its connections may reach. */
export interface Listener {
  /** A Unix socket's path, made anew with mode 0600. */
  path: string
  access: Access
}

/** Serves an engine on sockets. */
export interface Server extends AsyncDisposable {
  listen(listener: Listener): Promise<void>
}

export function createServer(engine: Engine): Server {
  const servers: { server: net.Server; path: string }[] = []
  const sockets = new Set<net.Socket>()
  let lastId = 0

  const accept = (socket: net.Socket, access: Access): void => {
    if (sockets.size >= MAX_CONNECTIONS) {
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    createConnection(socket, { engine, access, id: ++lastId })
  }

  return {
    async listen({ path, access }) {
      rmSync(path, { force: true })
      const server = net.createServer((socket) => accept(socket, access))
      servers.push({ server, path })
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(path, resolve)
      })
      chmodSync(path, 0o600)
    },
    async [Symbol.asyncDispose]() {
      for (const { server } of servers) server.close()
      for (const socket of sockets) socket.destroy()
      for (const { path } of servers) rmSync(path, { force: true })
    },
  }
}
