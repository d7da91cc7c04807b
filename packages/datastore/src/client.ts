import { messageOf } from '@m3m/base'
import { MongoClient } from 'mongodb'
import { datastoreErrors } from './datastore.errors.ts'
import { SteadyConnection } from './steady-connection.ts'

/** Long enough for a child that restarts or a replica set that elects, short enough to say so at a start. */
const SERVER_SELECTION_MS = 10_000

/**
 * Connects the official driver and proves it by a ping. Fields that are `undefined` are left out of documents
 * (the driver alone would write null).
 *
 * @throws DATASTORE_UNREACHABLE
 */
export async function connectClient(uri: string): Promise<MongoClient> {
  let client: MongoClient | null = null
  try {
    // What the operator wrote into the URI counts; options beside it would win over it.
    const patience = /[?&]serverSelectionTimeoutMS=/i.test(uri)
      ? {}
      : { serverSelectionTimeoutMS: SERVER_SELECTION_MS }
    const options = { ...patience, ignoreUndefined: true, connectionType: SteadyConnection }
    client = new MongoClient(uri, options)
    await client.connect()
    await client.db('admin').command({ ping: 1 })
    return client
  } catch (cause) {
    await client?.close().catch(() => {})
    throw datastoreErrors.DATASTORE_UNREACHABLE(
      { address: withoutPassword(uri), reason: messageOf(cause) },
      { cause },
    )
  }
}

/** The URI as it may stand in a log: without user and password. */
function withoutPassword(uri: string): string {
  return uri.replace(/^(mongodb(?:\+srv)?:\/\/)[^@/]*@/, '$1')
}
