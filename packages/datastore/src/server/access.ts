import { mongoError } from './mongo-error.ts'

/** What a connection may reach. */
export interface Access {
  /** @throws Unauthorized (13) for a database that this connection must not see */
  check(db: string): void
  /** Whether a command is open to this connection at all. */
  allows(command: string, db: string): boolean
  mayList(db: string): boolean
  /** The one database that may be reached; null: all. */
  readonly only: string | null
}

/** The socket of the agent: everything. */
export const fullAccess: Access = {
  check: () => {},
  allows: () => true,
  mayList: () => true,
  only: null,
}

/** What a driver needs on `admin` (or any database) to live on a connection; none of them shows data. */
const LIFE = new Set([
  'hello',
  'isMaster',
  'ismaster',
  'ping',
  'buildInfo',
  'buildinfo',
  'endSessions',
  'startSession',
  'refreshSessions',
  'connectionStatus',
  'commitTransaction',
  'abortTransaction',
])

/**
 * The socket of the runners: one database. Commands on others are refused before they are looked at, and every
 * namespace that a pipeline names is asked for again by `check` when it is opened.
 */
export function databaseOnly(database: string): Access {
  return {
    check(db) {
      if (db !== database) throw mongoError('Unauthorized', `not authorized on ${db} to execute command`)
    },
    allows: (command, db) => db === database || LIFE.has(command),
    mayList: (db) => db === database,
    only: database,
  }
}
