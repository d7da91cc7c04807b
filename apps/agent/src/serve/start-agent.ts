import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DisposableStack, messageOf, type Logger } from '@m3m/base'
import type { DataEngine } from '@m3m/data'
import { openDatastore, type Datastore } from '@m3m/datastore'
import type { Restarter } from '../backup/backup-folder.ts'
import { jwtSecret } from '../config/jwt-secret.ts'
import { secretKeys } from '../config/secret-keys.ts'
import type { AgentConfig } from '../config/read-config.ts'
import { createRefreshCookie } from '../http/refresh-cookie.ts'
import { tlsMaterial } from '../http/tls.ts'
import type { Ports } from './open-ports.ts'
import { serveErrors } from './serve.errors.ts'

export interface RunningAgent extends AsyncDisposable {
  panelUrl: string
  servicesUrl: string | null
  fingerprint: string | null
  datastore: Datastore['kind']
  /** Makes the first operator in a browser: the panel's address with a secret; null when there is one. */
  setUpUrl: string | null
}

interface StartOptions {
  config: AgentConfig
  logger: Logger
  /** The datastore ended for good: the agent cannot go on. */
  onFatal(error: Error): void
  /** Somebody asked in the panel to restore a backup: whoever started the agent ends it, restores, starts it again. */
  onRestore?: Restarter
}

/**
 * Starts an agent: lock, datastore, leftovers of a killed one, ports, then the services that should run. Whoever
 * starts it ends it; services drain then, and their shutdown callbacks run once.
 *
 * @throws CONFIG_WEAK_SECRET, CONFIG_SECRET_FILE, CONFIG_KEY_FILE, AGENT_*, TLS_UNUSABLE, DATASTORE_*, HTTP_PORT_TAKEN, HTTP_CANNOT_LISTEN
 */
export async function startAgent({
  config,
  logger,
  onFatal,
  onRestore,
}: StartOptions): Promise<RunningAgent> {
  const stack = new DisposableStack()
  try {
    prepareFolders(config)
    const { secret } = jwtSecret(config)
    const { leaveAddress, lockDataFolder } = await import('./agent-lock.ts')
    stack.use(lockDataFolder(config.datastore.path))
    const keys = secretKeys(config.datastore.path)
    const tls = await tlsMaterial(config.server.tls, config.datastore.path)
    // The datastore's process starts while this one still loads the rest: a third of the way to listening.
    const opening = openStore({ config, logger, onFatal })
    stack.defer(async () => (await opening.catch(() => null))?.[Symbol.asyncDispose]())
    const [{ composeAgent }, { openPorts, urlsOf }] = await Promise.all([
      import('../compose-agent.ts'),
      import('./open-ports.ts'),
    ])
    const datastore = await opening
    const processFolder = join(config.datastore.path, 'run')
    await reapLeftovers(processFolder, logger)

    const cookie = createRefreshCookie(secret)
    let ports: Ports | null = null
    const services = () => ({ uri: config.server.servicesUri ?? null, port: ports?.servicesPort ?? null })
    const ownPorts = () => [ports?.panelPort, ports?.servicesPort].filter((port) => typeof port === 'number')
    const panelUrl = () => (ports ? urlsOf(config, ports, tls !== null).panelUrl : null)
    const panelCookies = [cookie.name]
    const agent = stack.use(
      await composeAgent({
        config,
        secret,
        secretKeys: keys,
        datastore,
        panelCookies,
        processFolder,
        services,
        ownPorts,
        panelUrl,
        restart: onRestore,
        logger,
      }),
    )
    const settled = settle(agent.data)
    // Ports first: an agent that cannot have them must not start a single service.
    const { promise: ready, resolve: open } = Promise.withResolvers<void>()
    ports = await openPorts({ config, secret, agent, tls, cookie, ready, settled, logger, stack })
    await agent.core.start()
    open()
    const urls = urlsOf(config, ports, tls !== null)
    stack.use(leaveAddress(config.datastore.path, urls.panelUrl))
    return {
      ...urls,
      fingerprint: tls?.fingerprint ?? null,
      datastore: datastore.kind,
      setUpUrl: setUpUrl(urls.panelUrl, await agent.core.services.setUp.token()),
      [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
    }
  } catch (error) {
    await stack[Symbol.asyncDispose]()
    throw error
  }
}

/** The secret stands behind `#`: browsers send it to nobody, and no log of a proxy has it. */
function setUpUrl(panelUrl: string, token: string | null): string | null {
  return token === null ? null : `${panelUrl}/setup#${token}`
}

function openStore({ config, logger, onFatal }: Omit<StartOptions, 'onRestore'>): Promise<Datastore> {
  return openDatastore({
    mongodb: config.mongodb,
    path: config.datastore.path,
    logger: logger.with({ part: 'datastore' }),
    onFailure: onFatal,
  })
}

async function settle(data: DataEngine): Promise<void> {
  await data.ensureIndexes()
  await data.repair()
}

async function reapLeftovers(processFolder: string, logger: Logger): Promise<void> {
  const { reapProcesses } = await import('@m3m/runtime')
  const reaped = reapProcesses(processFolder)
  if (reaped > 0) logger.warn('ended processes that a killed agent left behind', { reaped })
}

function prepareFolders(config: AgentConfig): void {
  const folders = [
    ['datastore.path', config.datastore.path],
    ['storage.path', config.storage.path],
    ['logging.path', config.logging.path],
  ] as const
  for (const [key, folder] of folders) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    } catch (error) {
      throw serveErrors.AGENT_FOLDER_UNUSABLE({ key, folder, reason: messageOf(error) }, { cause: error })
    }
  }
}
