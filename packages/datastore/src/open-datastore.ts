import type { Logger } from '@m3m/base'
import { silentLogger } from '@m3m/base'
import type { Db, MongoClient } from 'mongodb'
import { connectClient } from './client.ts'
import { openEmbedded } from './process/open-embedded.ts'

/** The `mongodb` section of config.yaml. */
export interface MongodbSettings {
  /** Connection string of a real server, replica set or cluster. Absent: the embedded datastore. */
  uri?: string | undefined
  /** Name of the control database; project data goes to `{database}_data`. Default `m3m`. */
  database?: string | undefined
  /** Connection string that runners get, of a user who may reach `{database}_data` only. Default: `uri`. */
  runtimeUri?: string | undefined
}

export interface DatastoreOptions {
  mongodb?: MongodbSettings | undefined
  /** Folder of the embedded datastore; made (0700) when missing. Not touched when `mongodb.uri` is set. */
  path: string
  logger?: Logger | undefined
  /**
   * For commands that may run beside a serving agent: when the folder is in use, connect to the datastore
   * that serves it instead of failing. Closing then leaves that one running.
   */
  attach?: boolean | undefined
  /** Called once when the embedded server ended too often to be started again (DATASTORE_GAVE_UP). */
  onFailure?: ((error: Error) => void) | undefined
}

/** An open datastore: the official driver's client, whichever server is behind it. */
export interface Datastore extends AsyncDisposable {
  kind: 'embedded' | 'server'
  client: MongoClient
  /** Users, sessions, projects, code, runs: never reachable by services. */
  control: Db
  /** Records, models, environment, goals: what runners may reach. */
  data: Db
  /** Connection string of everything (for mongosh and `datastore-uri`). May hold a password: do not log it. */
  uri: string
  /** Connection string for runners ({@link connectRuntime}); the embedded one reaches `dataDatabase` only. */
  runtimeUri: string
  dataDatabase: string
  /** Process id of the embedded server, null for a real one and when attached. Changes when it is restarted. */
  readonly pid: number | null
}

/**
 * Opens the datastore: the server of `mongodb.uri`, else the embedded one in `path`, as a supervised child
 * process that listens on two Unix sockets (all data; project data only).
 *
 * @throws DATASTORE_UNREACHABLE, DATASTORE_LOCKED, DATASTORE_DAMAGED, DATASTORE_TOO_NEW,
 * DATASTORE_PATH_UNUSABLE, DATASTORE_START_FAILED
 */
export async function openDatastore(options: DatastoreOptions): Promise<Datastore> {
  const { mongodb = {}, logger = silentLogger } = options
  const database = mongodb.database ?? 'm3m'
  const dataDatabase = `${database}_data`
  if (mongodb.uri === undefined) {
    const { path, attach = false, onFailure } = options
    const server = await openEmbedded({ path, dataDatabase, attach, logger, onFailure })
    return withClient({ ...server, kind: 'embedded', database, dataDatabase })
  }
  const { uri, runtimeUri = uri } = mongodb
  const server = { uri, runtimeUri, pid: () => null, close: async () => {} }
  return withClient({ ...server, kind: 'server', database, dataDatabase })
}

interface Server {
  kind: Datastore['kind']
  uri: string
  runtimeUri: string
  database: string
  dataDatabase: string
  pid: () => number | null
  close: () => Promise<void>
}

async function withClient(server: Server): Promise<Datastore> {
  const { kind, uri, runtimeUri, dataDatabase } = server
  let client: MongoClient
  try {
    client = await connectClient(uri)
  } catch (error) {
    await server.close()
    throw error
  }
  return {
    kind,
    client,
    control: client.db(server.database),
    data: client.db(dataDatabase),
    uri,
    runtimeUri,
    dataDatabase,
    get pid() {
      return server.pid()
    },
    async [Symbol.asyncDispose]() {
      await client.close()
      await server.close()
    },
  }
}
