import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '@m3m/base'
import { datastoreErrors } from '../datastore.errors.ts'

/** `sun_path` holds 108 bytes with the ending zero on Linux, 104 on macOS. */
const MAX_PATH_BYTES = process.platform === 'darwin' ? 103 : 107

/** The sockets of one data folder. */
interface SocketPaths {
  /** Everything: for the agent. */
  all: string
  /** Project data only: for the runners. */
  data: string
}

/**
 * Makes the folder of the sockets: short, ours alone (0700). It lies in `XDG_RUNTIME_DIR`, or where that is
 * missing (services, containers) or too long in `/tmp` under a name of this user's.
 *
 * @throws DATASTORE_PATH_UNUSABLE when a folder of that name belongs to somebody else
 */
export function makeSocketFolder(dataFolder: string): SocketPaths {
  const hash = createHash('sha256').update(dataFolder).digest('hex').slice(0, 12)
  const runtime = process.env['XDG_RUNTIME_DIR']
  const uid = process.getuid?.() ?? 0
  const candidates = [...(runtime ? [join(runtime, `m3m-${hash}`)] : []), join('/tmp', `m3m-${uid}-${hash}`)]
  let reason = 'no folder is short enough for a socket'
  for (const folder of candidates) {
    const paths = { all: join(folder, 'all.sock'), data: join(folder, 'data.sock') }
    if (Buffer.byteLength(paths.data) > MAX_PATH_BYTES) continue
    const refusal = claim(folder, uid)
    if (refusal === null) return paths
    reason = refusal
  }
  throw datastoreErrors.DATASTORE_PATH_UNUSABLE({ path: candidates.at(-1)!, reason })
}

/** Null when the folder is ours now, else why not. A link planted by another user is not followed. */
function claim(folder: string, uid: number): string | null {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const found = lstatSync(folder)
    if (!found.isDirectory()) return 'it is not a folder'
    if (found.uid !== uid) return 'it belongs to another user'
    chmodSync(folder, 0o700)
    return null
  } catch (error) {
    return messageOf(error)
  }
}

/** The driver's connection string of a Unix socket. */
export function socketUri(path: string): string {
  return `mongodb://${encodeURIComponent(path)}/?directConnection=true`
}
