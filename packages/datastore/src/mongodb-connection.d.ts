declare module 'mongodb/lib/cmap/connection.js' {
  import type { EventEmitter } from 'node:events'
  import type { Socket } from 'node:net'

  /** What goes over the wire, before its bytes are made. */
  export interface WireCommand {
    toBin(): Uint8Array[] | Promise<Uint8Array[]>
  }

  /** What the option `connectionType` of a client is by default; the driver has no types for it. */
  export class Connection extends EventEmitter {
    constructor(socket: Socket, options: unknown)
    /** Why it is closed; null as long as it is not. */
    error: Error | null
    /** Ends when the bytes are out of the process's hands. */
    writeCommand(command: WireCommand, options: object): Promise<void>
  }
}
