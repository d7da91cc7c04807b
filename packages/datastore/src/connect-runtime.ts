import type { Db } from 'mongodb'
import { connectClient } from './client.ts'

/** A runner's way to project data. */
export interface RuntimeConnection extends AsyncDisposable {
  /** The database of project data; control data cannot be reached through this connection. */
  db: Db
}

/**
 * Connects a runner process to project data. `uri` and `database` are `runtimeUri` and `dataDatabase` of the
 * {@link Datastore} that the agent opened.
 *
 * @throws DATASTORE_UNREACHABLE when nothing answers at `uri` within 10 s.
 */
export async function connectRuntime(target: { uri: string; database: string }): Promise<RuntimeConnection> {
  const client = await connectClient(target.uri)
  return {
    db: client.db(target.database),
    [Symbol.asyncDispose]: () => client.close(),
  }
}
