import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RequestListener } from 'node:http'
import { DisposableStack, messageOf, systemClock, type Logger } from '@m3m/base'
import { openDatastore, type Datastore } from '@m3m/datastore'
import { reapProcesses } from '@m3m/runtime'
import { createAccessTokens } from '../auth/access-tokens.ts'
import { createTickets } from '../auth/tickets.ts'
import { avatarsFolder, composeAgent, type ComposedAgent } from '../compose-agent.ts'
import { jwtSecret } from '../config/jwt-secret.ts'
import type { AgentConfig } from '../config/read-config.ts'
import { closeHttp, createHttp, listen } from '../http/listen.ts'
import { createOrigins } from '../http/origins.ts'
import { createPanelServer } from '../http/panel-server.ts'
import { createPeerReader } from '../http/peer.ts'
import { createRefreshCookie } from '../http/refresh-cookie.ts'
import { createServicesServer } from '../http/services-server.ts'
import { tlsMaterial, type TlsMaterial } from '../http/tls.ts'
import { lockDataFolder } from './agent-lock.ts'
import { serveErrors } from './serve.errors.ts'

/** How long answers under way may take once a stop was asked for; what the front allows services is the same. */
const HTTP_GRACE_MS = 30_000

export interface RunningAgent extends AsyncDisposable {
  panelUrl: string
  servicesUrl: string | null
  fingerprint: string | null
  datastore: Datastore['kind']
  hasOperator: boolean
  /** Settles when everything that should run was tried. */
  started: Promise<void>
}

interface StartOptions {
  config: AgentConfig
  logger: Logger
  /** The datastore ended for good: the agent cannot go on. */
  onFatal(error: Error): void
}

/**
 * Starts an agent: lock, datastore, leftovers of a killed one, ports, then the services that should run. Whoever
 * starts it ends it; services drain then, and their shutdown callbacks run once.
 *
 * @throws CONFIG_WEAK_SECRET, CONFIG_SECRET_FILE, AGENT_*, TLS_UNUSABLE, DATASTORE_*, HTTP_PORT_TAKEN, HTTP_CANNOT_LISTEN
 */
export async function startAgent({ config, logger, onFatal }: StartOptions): Promise<RunningAgent> {
  const stack = new DisposableStack()
  try {
    prepareFolders(config)
    const { secret } = jwtSecret(config)
    stack.use(lockDataFolder(config.datastore.path))
    const [tls, datastore] = await Promise.all([
      tlsMaterial(config.server.tls, config.datastore.path),
      openStore({ config, logger, onFatal }),
    ])
    stack.use(datastore)
    const processFolder = join(config.datastore.path, 'run')
    const reaped = reapProcesses(processFolder)
    if (reaped > 0) logger.warn('ended processes that a killed agent left behind', { reaped })

    const cookie = createRefreshCookie(secret)
    const agent = stack.use(
      composeAgent({ config, secret, datastore, panelCookies: [cookie.name], processFolder, logger }),
    )
    await agent.data.ensureIndexes()
    const urls = await openPorts({ config, secret, agent, tls, cookie, logger, stack })
    const started = agent.core.start()
    started.catch((error: unknown) => logger.error('not everything could be started', { error }))
    return {
      ...urls,
      fingerprint: tls?.fingerprint ?? null,
      datastore: datastore.kind,
      hasOperator: await agent.core.services.users.hasRoot(),
      started,
      [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
    }
  } catch (error) {
    await stack[Symbol.asyncDispose]()
    throw error
  }
}

function openStore({ config, logger, onFatal }: StartOptions): Promise<Datastore> {
  return openDatastore({
    mongodb: config.mongodb,
    path: config.datastore.path,
    logger: logger.with({ part: 'datastore' }),
    onFailure: onFatal,
  })
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

interface PortParts {
  config: AgentConfig
  secret: string
  agent: ComposedAgent
  tls: TlsMaterial | null
  cookie: ReturnType<typeof createRefreshCookie>
  logger: Logger
  stack: DisposableStack
}

async function openPorts(parts: PortParts): Promise<{ panelUrl: string; servicesUrl: string | null }> {
  const { config, secret, agent, tls, stack } = parts
  const { host, port, servicesPort = port === 0 ? 0 : port + 1 } = config.server
  const createServer = (listener: RequestListener) => createHttp(listener, tls)
  const scheme = tls ? 'https' : 'http'

  const panel = await createPanelServer(
    {
      core: agent.core,
      front: agent.front,
      runLogs: agent.runLogs,
      tokens: createAccessTokens(secret),
      tickets: createTickets(secret, systemClock),
      origins: createOrigins(config.server),
      peerOf: createPeerReader(config.server.trustedProxies),
      cookie: parts.cookie,
      uiFolder: fileURLToPath(new URL('../../../desktop/dist-web', import.meta.url)),
      avatarsFolder: avatarsFolder(config),
      logger: parts.logger.with({ part: 'http' }),
    },
    createServer,
  )
  const panelPort = await listen(panel.server, { host, port, key: 'server.port' })
  // The end of a port takes as long as its answers; both wait while services drain, and not one after the other.
  const closings: (() => Promise<void>)[] = [() => closeHttp(panel.server, HTTP_GRACE_MS)]
  let servicesUrl: string | null = null
  if (servicesPort !== 'off') {
    const services = createServicesServer(agent.front, createServer)
    const chosen = await listen(services, { host, port: servicesPort, key: 'server.servicesPort' }).catch(
      async (error: unknown) => {
        await closeHttp(panel.server, 0)
        throw error
      },
    )
    closings.push(() => closeHttp(services, HTTP_GRACE_MS))
    servicesUrl = config.server.servicesUri ?? `${scheme}://${inUrl(host)}:${chosen}`
  }
  stack.defer(async () => {
    panel.socket.close()
    const closed = Promise.all(closings.map((close) => close()))
    await agent[Symbol.asyncDispose]()
    await closed
  })
  return { panelUrl: config.server.uri ?? `${scheme}://${inUrl(host)}:${panelPort}`, servicesUrl }
}

/** A host as it stands in a URL that works on this machine. */
function inUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
