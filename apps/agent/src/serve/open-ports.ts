import type { RequestListener } from 'node:http'
import { fileURLToPath } from 'node:url'
import { systemClock, type DisposableStack, type Logger } from '@m3m/base'
import { createAccessTokens } from '../auth/access-tokens.ts'
import { createFileLinkKeys } from '../auth/file-link-keys.ts'
import { createTickets } from '../auth/tickets.ts'
import type { ComposedAgent } from '../compose-agent.ts'
import type { AgentConfig } from '../config/read-config.ts'
import { closeHttp, createHttp, listen } from '../http/listen.ts'
import { inUrl } from '../http/host-in-url.ts'
import { createOrigins } from '../http/origins.ts'
import { createPanelServer } from '../http/panel-server.ts'
import { createPeerReader } from '../http/peer.ts'
import type { RefreshCookie } from '../http/refresh-cookie.ts'
import { createServicesServer } from '../http/services-server.ts'
import { createProjectArchives } from '../moving/project-archives.ts'
import type { TlsMaterial } from '../http/tls.ts'

/** How long answers under way may take once a stop was asked for; what the front allows services is the same. */
const HTTP_GRACE_MS = 30_000

interface PortParts {
  config: AgentConfig
  secret: string
  agent: ComposedAgent
  tls: TlsMaterial | null
  cookie: RefreshCookie
  ready: Promise<void>
  /** Work of the datastore that has to be done before anybody is let in: it goes on while the panel's server is made. */
  settled: Promise<unknown>
  logger: Logger
  stack: DisposableStack
}

export interface Ports {
  panelPort: number
  /** `null` when services have no port of their own. */
  servicesPort: number | null
}

/**
 * Opens the panel's port and that of the services. `stack` gets their end, which takes the agent along: ports answer
 * while services drain.
 *
 * @throws HTTP_PORT_TAKEN, HTTP_CANNOT_LISTEN, and what `settled` is rejected with
 */
export async function openPorts(parts: PortParts): Promise<Ports> {
  const { config, secret, agent, tls, stack } = parts
  const { host, port, servicesPort = port === 0 ? 0 : port + 1 } = config.server
  const createServer = (listener: RequestListener) => createHttp(listener, tls)

  const panel = await createPanelServer(
    {
      core: agent.core,
      front: agent.front,
      data: agent.data,
      runLogs: agent.runLogs,
      agentLogs: agent.agentLogs,
      storedFiles: agent.storedFiles,
      previews: agent.previews,
      zips: agent.zips,
      tokens: createAccessTokens(secret),
      tickets: createTickets(secret, systemClock),
      fileLinkKey: createFileLinkKeys(secret),
      origins: createOrigins({
        uri: () => agent.core.services.agentSettings.current().address.publicUri,
        panelOrigins: config.server.panelOrigins,
      }),
      peerOf: createPeerReader(() => agent.core.services.agentSettings.current().proxies.trusted),
      cookie: parts.cookie,
      ready: parts.ready,
      metricsToken: config.metrics.token ?? null,
      uiFolder: fileURLToPath(new URL('../../../desktop/dist-web', import.meta.url)),
      avatars: agent.avatars,
      moving: createProjectArchives(agent.core, config, agent.waitingArchives),
      logger: parts.logger.with({ part: 'http' }),
    },
    createServer,
  )
  await parts.settled
  const panelPort = await listen(panel.server, { host, port, key: 'server.port' })
  // The end of a port takes as long as its answers; both wait while services drain, and not one after the other.
  const closings: (() => Promise<void>)[] = [() => closeHttp(panel.server, HTTP_GRACE_MS)]
  let openedPort: number | null = null
  if (servicesPort !== 'off') {
    const services = createServicesServer(agent.front, createServer)
    openedPort = await listen(services, { host, port: servicesPort, key: 'server.servicesPort' }).catch(
      async (error: unknown) => {
        await closeHttp(panel.server, 0)
        throw error
      },
    )
    closings.push(() => closeHttp(services, HTTP_GRACE_MS))
  }
  stack.defer(async () => {
    panel.socket.close()
    const closed = Promise.all(closings.map((close) => close()))
    await agent[Symbol.asyncDispose]()
    await closed
  })
  return { panelPort, servicesPort: openedPort }
}

/** The addresses a person may type. */
export function urlsOf(
  { server }: AgentConfig,
  ports: Ports,
  encrypted: boolean,
): { panelUrl: string; servicesUrl: string | null } {
  const base = `${encrypted ? 'https' : 'http'}://${inUrl(server.host)}`
  const services = ports.servicesPort === null ? null : `${base}:${ports.servicesPort}`
  return {
    panelUrl: server.uri ?? `${base}:${ports.panelPort}`,
    servicesUrl: server.servicesUri ?? services,
  }
}
