import { join } from 'node:path'
import { messageOf } from '@m3m/base'
import { databaseOnly, fullAccess } from '../server/access.ts'
import { createEngine } from '../server/engine.ts'
import { createJournal } from '../server/journal.ts'
import { createSecrets, type Credentials } from '../server/scram.ts'
import { createServer } from '../server/server.ts'
import { openFile } from '../store/file.ts'
import { lockFolder } from './lock.ts'
import { makeSocketFolder, socketUri } from './socket-folder.ts'
import type { ServerArguments } from './protocol.ts'

/** TTL, idle cursors, old sessions: MongoDB's TTL monitor runs as often. */
const SWEEP_MS = 60_000

/** Exit code of a process whose disk failed it: nothing was acknowledged that may be lost (sysexits EX_SOFTWARE). */
const EXIT_DISK = 70

/** A port of the loopback besides the sockets, for programs that know no sockets. */
interface TcpOptions extends Credentials {
  /** 0: any free one. */
  port: number
}

/** The server inside its process. */
export interface RunningServer {
  uri: string
  runtimeUri: string
  /** The port of the loopback, when one was asked for. */
  port: number | null
  /** Stops listening, writes back the log, frees the folder. */
  close(): Promise<void>
}

/** Locks the folder, opens the file, listens on both sockets. */
export async function startServer({
  folder,
  dataDatabase,
  tcp,
}: ServerArguments & { tcp?: TcpOptions }): Promise<RunningServer> {
  const lock = await lockFolder(folder)
  try {
    const file = join(folder, 'mongo.sqlite')
    const paths = makeSocketFolder(folder)
    const sqlite = openFile(file)
    const journal = createJournal(`${file}-wal`, endProcess)
    const engine = createEngine({
      sqlite,
      journal,
      onBug: (error, command) =>
        console.error(`${command}: ${error instanceof Error ? error.stack : messageOf(error)}`),
      onDamage: endProcess,
    })
    const server = createServer(engine)
    await server.listen({ at: paths.all, access: fullAccess })
    await server.listen({ at: paths.data, access: databaseOnly(dataDatabase) })
    const port = tcp
      ? await server.listen({ at: { port: tcp.port, secrets: createSecrets(tcp) }, access: fullAccess })
      : null
    const sweeper = setInterval(
      () => void engine.sweep().catch((error) => console.error(messageOf(error))),
      SWEEP_MS,
    )
    const uris = { uri: socketUri(paths.all), runtimeUri: socketUri(paths.data) }
    lock.publish({ pid: process.pid, socket: paths.all, dataDatabase, ...uris })
    return {
      ...uris,
      port,
      async close() {
        clearInterval(sweeper)
        await server[Symbol.asyncDispose]()
        journal.close()
        engine.close()
        sqlite.close()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

function endProcess(error: Error): void {
  console.error(`the disk failed, nothing that may be lost was acknowledged: ${messageOf(error)}`)
  process.exit(EXIT_DISK)
}
