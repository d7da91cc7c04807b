import type { Logger } from '@m3m/base'

/** What the embedded server needs to know to start. */
export interface EmbeddedOptions {
  path: string
  /** The one database that the runners' socket reaches. */
  dataDatabase: string
  attach: boolean
  logger: Logger
  onFailure?: ((error: Error) => void) | undefined
}

/** A running embedded server, ours or one that we attached to. */
export interface EmbeddedServer {
  uri: string
  runtimeUri: string
  pid: () => number | null
  close: () => Promise<void>
}

/** Starts the embedded server of a folder, or attaches to the one that serves it. */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  throw new Error(`no server yet for ${options.path}`)
}
