declare module 'mongodb/lib/cmap/connection.js' {
  import type { Socket } from 'node:net'
  /** What the option `connectionType` of a client is by default; the driver has no types for it. */
  export const Connection: new (socket: Socket, options: unknown) => object
}
