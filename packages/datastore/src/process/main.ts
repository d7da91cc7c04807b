// Entry of the embedded server's process: started and watched by supervise.ts, never by hand.
import { mkdirSync, writeSync } from 'node:fs'
import { AppError, messageOf } from '@m3m/base'
import { datastoreErrors } from '../datastore.errors.ts'
import { startServer } from './start-server.ts'
import { watchParent } from './parent-watch.ts'
import type { Announcement, ServerArguments } from './protocol.ts'

const STDIN = 0
const STDOUT = 1

function announce(announcement: Announcement): void {
  writeSync(STDOUT, `${JSON.stringify(announcement)}\n`)
}

/** Ends at once: a thread of ours waits in a read, and an orderly exit would wait for it. */
function leave(): void {
  process.kill(process.pid, 'SIGKILL')
}

async function main({ folder, dataDatabase }: ServerArguments): Promise<void> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const server = await startServer({ folder, dataDatabase })
    watchParent(STDIN, () => void server.close().finally(leave))
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      // the terminal's signals reach the whole group; our parent decides when we end
      process.on(signal, () => {})
    }
    announce({ ready: true, uri: server.uri, runtimeUri: server.runtimeUri, pid: process.pid })
  } catch (cause) {
    const error =
      cause instanceof AppError
        ? cause
        : datastoreErrors.DATASTORE_PATH_UNUSABLE({ path: folder, reason: messageOf(cause) }, { cause })
    announce({ ready: false, error: error.toShape() })
    process.exitCode = 1
  }
}

await main(JSON.parse(process.argv[2]!) as ServerArguments)
