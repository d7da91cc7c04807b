import type { AgentEntry, DesktopContext, PortEvents } from '../../shared/desktop-port.ts'
import type { AgentDesk } from '../agents/agent-desk.ts'
import { desktopErrors } from '../desktop.errors.ts'
import type { LocalAgent } from '../local/local-agent.ts'
import type { AgentSession } from '../session/agent-session.ts'
import type { CallingPage, PortHandlers } from './port-calls.ts'

export interface PortServices {
  desk: AgentDesk
  local: LocalAgent
  /** Adds the agent of this computer to the list, signed in. */
  adoptLocal: (url: string, operator: { email: string; password: string }) => Promise<AgentEntry>
  sessionOf: (agentId: string) => AgentSession
  appVersion: string
  tokenStore: DesktopContext['tokenStore']
  /** What a link or the menu asked for and nobody has answered yet. */
  pendingConnect: () => PortEvents['connect'] | null
}

/** What each method of the port does. A page's agent is who it is, not what it says. */
export function createPortHandlers(services: PortServices): PortHandlers {
  const { desk, local, sessionOf } = services

  function own(page: CallingPage, method: string): string {
    if (page.agentId === null) throw desktopErrors.DESKTOP_PAGE_WITHOUT_AGENT({ method })
    return page.agentId
  }

  return {
    context: (_input, page): DesktopContext => ({
      agent: page.agentId === null ? null : desk.entry(page.agentId),
      appVersion: services.appVersion,
      tokenStore: services.tokenStore,
      pendingConnect: page.agentId === null ? services.pendingConnect() : null,
    }),
    'agents.list': () => desk.list(),
    'agents.probe': ({ url }) => desk.probe(url),
    'agents.add': (agent) => desk.add(agent),
    'agents.update': ({ id, ...change }) => desk.update(id, change),
    'agents.reorder': ({ ids }) => desk.reorder(ids),
    async 'agents.remove'({ id }) {
      await desk.remove(id)
      return null
    },
    async 'agents.select'({ id }) {
      await desk.select(id)
      return null
    },
    'local.state': () => local.state(),
    async 'local.create'(operator) {
      const { url } = await local.create(operator)
      return services.adoptLocal(url, operator)
    },
    async 'local.start'() {
      await local.start()
      return local.state()
    },
    async 'local.stop'() {
      await local.stop()
      return local.state()
    },
    'local.log': () => local.log(),
    async 'local.setStartWithApp'({ on }) {
      await local.setStartWithApp(on)
      return local.state()
    },
    async 'session.signIn'({ email, password }, page) {
      const id = own(page, 'session.signIn')
      const token = await sessionOf(id).signIn(email, password)
      await desk.signedInAs(id, email)
      return token
    },
    'session.accessToken': (options, page) =>
      sessionOf(own(page, 'session.accessToken')).accessToken(options),
    async 'session.signOut'(_input, page) {
      await sessionOf(own(page, 'session.signOut')).signOut()
      return null
    },
  }
}
