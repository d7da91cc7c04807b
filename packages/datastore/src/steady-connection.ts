import type { Socket } from 'node:net'
import { Connection } from 'mongodb/lib/cmap/connection.js'

/**
 * A connection of the driver that notices when its socket is gone at the moment of writing. The driver (7.9) waits for
 * `drain` when a write returns false. On a socket that is destroyed already, and not yet said to be closed, neither
 * `drain` nor `error` ever comes: the command waits for good. And when the system refuses the write at once, its
 * EPIPE comes as it is, which the driver does not take for an error of the network and does not try again. A write
 * that throws it does: as MongoNetworkError, on a fresh connection.
 */
export class SteadyConnection extends Connection {
  constructor(socket: Socket, options: unknown) {
    const write = socket.write.bind(socket)
    socket.write = (bytes: Uint8Array | string) => {
      const goesOn = write(bytes)
      if (socket.destroyed) throw socket.errored ?? new Error('the connection to the database is closed')
      return goesOn
    }
    super(socket, options)
  }
}
