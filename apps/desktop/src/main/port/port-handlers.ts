import type { AgentEntry, AppState, DesktopContext, PortEvents } from '../../shared/desktop-port.ts'
import type { AgentDesk } from '../agents/agent-desk.ts'
import { desktopErrors } from '../desktop.errors.ts'
import type { LocalAgent } from '../local/local-agent.ts'
import type { AgentSession } from '../session/agent-session.ts'
import type { CallingPage, PortHandlers } from './port-calls.ts'

export interface PortServices {
  desk: AgentDesk
  local: LocalAgent
  /** Adds the agent of this computer to the list, signed in, and shows it in that window. */
  adoptLocal: (
    url: string,
    operator: { email: string; password: string },
    windowId: number,
  ) => Promise<AgentEntry>
  sessionOf: (agentId: string) => AgentSession
  /** Lets the list of agents go to its form. */
  askToAdd: () => void
  openWindow: (agentId: string | null) => Promise<void>
  /** A stored file of that agent as a file on disk. */
  fetchFile: (agentId: string, file: { projectId: string; path: string }) => Promise<string>
  app: AppChoices
  appVersion: string
  tokenStore: DesktopContext['tokenStore']
  /** What a link or the menu asked for and nobody has answered yet. */
  pendingConnect: () => PortEvents['connect'] | null
}

/** What a person may choose about the app itself. */
export interface AppChoices {
  state(): AppState
  setOpenAtLogin(on: boolean): Promise<void>
  setUpdateChannel(channel: AppState['channel']): Promise<void>
  checkForUpdate(): Promise<void>
  installUpdate(): void
}

/** What each method of the port does. A page's agent is who it is, not what it says. */
export function createPortHandlers(services: PortServices): PortHandlers {
  const { desk } = services
  return {
    context: (_input, page): DesktopContext => ({
      agent: page.agentId === null ? null : desk.entry(page.agentId),
      appVersion: services.appVersion,
      tokenStore: services.tokenStore,
      pendingConnect: page.agentId === null ? services.pendingConnect() : null,
    }),
    'agents.list': () => desk.list(),
    'agents.probe': ({ url }) => desk.probe(url),
    'agents.discover': () => desk.discover(),
    'agents.add': (agent, page) => desk.add(agent, page.windowId),
    'agents.update': ({ id, ...change }) => desk.update(id, change),
    'agents.arrange': ({ agents }) => desk.arrange(agents),
    'agents.trust': ({ id, fingerprint }) => desk.trust(id, fingerprint),
    'agents.signOut': ({ id }) => desk.signOut(id),
    'agents.remove': ({ id }) => desk.remove(id).then(nothing),
    async 'agents.select'({ id, add }, page) {
      await desk.select(id, page.windowId)
      if (id === null && add) services.askToAdd()
      return null
    },
    'windows.open': ({ id }) => services.openWindow(id).then(nothing),
    'favourites.set': ({ on, ...project }, page) =>
      desk.setFavourite(own(page, 'favourites.set'), project, on),
    async 'files.dragOut'(file, page) {
      page.startDrag(await services.fetchFile(own(page, 'files.dragOut'), file))
      return null
    },
    'files.save'({ path }, page) {
      const { url } = desk.entry(own(page, 'files.save'))
      page.download(new URL(path, url).href)
      return null
    },
    ...localHandlers(services),
    ...appHandlers(services.app),
    ...sessionHandlers(services),
  }
}

const nothing = () => null

function own(page: CallingPage, method: string): string {
  if (page.agentId === null) throw desktopErrors.DESKTOP_PAGE_WITHOUT_AGENT({ method })
  return page.agentId
}

type Part<P extends string> = Pick<PortHandlers, Extract<keyof PortHandlers, `${P}.${string}`>>

function localHandlers({ local, adoptLocal }: PortServices): Part<'local'> {
  const state = () => local.state()
  return {
    'local.state': state,
    async 'local.create'(operator, page) {
      const { url } = await local.create(operator)
      return adoptLocal(url, operator, page.windowId)
    },
    'local.start': () => local.start().then(state),
    'local.stop': () => local.stop().then(state),
    'local.log': () => local.log(),
    'local.upgrade': () => local.upgrade().then(state),
    'local.setStartWithApp': ({ on }) => local.setStartWithApp(on).then(state),
  }
}

function appHandlers(app: AppChoices): Part<'app'> {
  const state = () => app.state()
  return {
    'app.state': state,
    'app.setOpenAtLogin': ({ on }) => app.setOpenAtLogin(on).then(state),
    'app.setUpdateChannel': ({ channel }) => app.setUpdateChannel(channel).then(state),
    'app.checkForUpdate': () => app.checkForUpdate().then(state),
    'app.installUpdate'() {
      app.installUpdate()
      return null
    },
  }
}

function sessionHandlers({ desk, sessionOf }: PortServices): Part<'session'> {
  return {
    async 'session.signIn'({ email, password }, page) {
      const id = own(page, 'session.signIn')
      const token = await sessionOf(id).signIn(email, password)
      await desk.signedInAs(id, email)
      return token
    },
    'session.accessToken': (options, page) =>
      sessionOf(own(page, 'session.accessToken')).accessToken(options),
    'session.signOut': (_input, page) => sessionOf(own(page, 'session.signOut')).signOut().then(nothing),
  }
}
