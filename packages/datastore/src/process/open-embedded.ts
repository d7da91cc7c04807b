import { mkdirSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Logger } from '@m3m/base'
import { hasCode, messageOf } from '@m3m/base'
import { connectClient } from '../client.ts'
import { datastoreErrors } from '../datastore.errors.ts'
import { readHolder } from './lock.ts'
import { supervise } from './supervise.ts'

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
  const folder = makeFolder(options.path)
  if (options.attach) {
    const other = await reachHolder(folder)
    if (other) return other
  }
  try {
    return await supervise({ ...options, folder })
  } catch (error) {
    // it may have been starting when we looked
    const other = options.attach && hasCode(error, 'DATASTORE_LOCKED') ? await reachHolder(folder) : null
    if (other) return other
    throw error
  }
}

function makeFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    return realpathSync(path)
  } catch (cause) {
    throw datastoreErrors.DATASTORE_PATH_UNUSABLE(
      { path: resolve(path), reason: messageOf(cause) },
      { cause },
    )
  }
}

/** The server that holds the folder, when it answers. */
async function reachHolder(folder: string): Promise<EmbeddedServer | null> {
  const holder = readHolder(folder)
  if (!holder || !isAlive(holder.pid)) return null
  try {
    const client = await connectClient(holder.uri)
    await client.close()
  } catch {
    return null
  }
  return { uri: holder.uri, runtimeUri: holder.runtimeUri, pid: () => null, close: async () => {} }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
