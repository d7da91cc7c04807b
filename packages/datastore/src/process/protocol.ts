import type { ErrorShape } from '@m3m/base'

/** What the server's process is told, as its one argument (JSON); nothing in it is secret. */
export interface ServerArguments {
  /** The data folder, absolute. */
  folder: string
  /** The one database that the runners' socket reaches. */
  dataDatabase: string
}

/** The one line that the server's process writes to its standard output: it serves, or it cannot. */
export type Announcement =
  { ready: true; uri: string; runtimeUri: string; pid: number } | { ready: false; error: ErrorShape }
