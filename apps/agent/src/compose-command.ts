// What commands of the command line need: core's rules on the data of this agent, and no service is run.
import { randomBytes } from 'node:crypto'
import { DisposableStack, silentLogger, systemClock } from '@m3m/base'
import { createCore, type BackupStore, type Core, type RunLogs, type Supervisor } from '@m3m/core'
import { createDataEngine, createSecretBox, type DataEngine } from '@m3m/data'
import { openDatastore, type Datastore } from '@m3m/datastore'
import { agentDefaults } from './adapters/agent-defaults.ts'
import { createProjectFiles } from './adapters/project-files.ts'
import { createStoredFiles } from './adapters/stored-files.ts'
import { createAccessTokens } from './auth/access-tokens.ts'
import { createPasswords } from './auth/passwords.ts'
import type { AgentConfig } from './config/read-config.ts'
import { AGENT_VERSION } from './version.ts'

/** Core for the time of one command. */
export interface CommandCore extends AsyncDisposable {
  core: Core
  data: DataEngine
  datastore: Datastore
}

/**
 * Opens the data for one command, beside a serving agent or without one.
 *
 * @throws DATASTORE_*
 */
export async function composeCommand(
  config: AgentConfig,
  { secretKeys }: { secretKeys?: readonly string[] } = {},
): Promise<CommandCore> {
  // Few commands read secrets; the others are not given the key.
  const secrets = secretKeys && {
    secrets: createSecretBox(secretKeys.map((key) => Buffer.from(key, 'base64url'))),
  }
  const stack = new DisposableStack()
  try {
    const datastore = stack.use(
      await openDatastore({ mongodb: config.mongodb, path: config.datastore.path, attach: true }),
    )
    const data = stack.use(
      createDataEngine({ db: datastore.data, clock: systemClock, logger: silentLogger, ...secrets }),
    )
    const core = createCore({
      db: datastore.control,
      data,
      clock: systemClock,
      logger: silentLogger,
      identity: {
        version: AGENT_VERSION,
        node: process.versions.node,
        services: () => ({ uri: null, port: null }),
      },
      passwords: createPasswords(),
      // A command signs nobody in: tokens of a key that is forgotten.
      tokens: createAccessTokens(randomBytes(32).toString('hex')),
      compiler: { check: notInCommand },
      supervisor: { boot: notInCommand, expect: notInCommand } satisfies Supervisor,
      runLogs: {
        page: notInCommand,
        tail: notInCommand,
        clear: notInCommand,
        removeProject: notInCommand,
      } satisfies RunLogs,
      serviceReference: { pages: notInCommand },
      serviceTypes: { types: notInCommand },
      starterShelf: { all: notInCommand },
      files: createProjectFiles(config.storage.path),
      storedFiles: createStoredFiles(config, () => Promise.resolve(null)),
      ...secrets,
      fileTickets: { sign: notInCommand },
      mailTransport: { send: notInCommand },
      alertPost: { json: notInCommand },
      disk: { freePercent: notInCommand },
      releaseFeed: { latest: notInCommand },
      backupStore: NO_BACKUPS,
      config: {
        limits: config.runtime.limits,
        isolation: config.runtime.isolation,
        plugins: config.plugins.config,
        agent: agentDefaults(config),
      },
    })
    return { core, data, datastore, [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose]() }
  } catch (error) {
    await stack[Symbol.asyncDispose]()
    throw error
  }
}

const NO_BACKUPS: BackupStore = {
  folder: '',
  list: notInCommand,
  fileOf: notInCommand,
  freeBytes: notInCommand,
  make: notInCommand,
  verify: notInCommand,
  remove: notInCommand,
  restored: notInCommand,
  takeRestored: notInCommand,
}

function notInCommand(): never {
  throw new Error('a command of the command line runs no services')
}
