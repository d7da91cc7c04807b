import { Connection, type WireCommand } from 'mongodb/lib/cmap/connection.js'

/**
 * A connection of the driver whose commands end with it. The driver (7.9) waits for `drain` when a write returns false,
 * and hears of nothing but `drain` and `error` until then. Neither comes when the other side has ended the socket
 * (Node puts a `write` in place that only returns false) or when the socket is destroyed while the write is under way:
 * the command waits for good. And an `EPIPE` comes out of that wait as it is, which the driver does not take for an
 * error of the network and does not try again. The reason of the close is one: MongoNetworkError, which it does.
 */
export class SteadyConnection extends Connection {
  override async writeCommand(command: WireCommand, options: object): Promise<void> {
    const closed = Promise.withResolvers<never>()
    const onClose = () => closed.reject(this.error)
    this.once('close', onClose)
    try {
      await Promise.race([super.writeCommand(command, options), closed.promise])
    } finally {
      this.off('close', onClose)
    }
  }
}
