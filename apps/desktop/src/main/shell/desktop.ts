import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DisposableStack, type Logger, messageOf, systemClock } from '@m3m/base'
import { app, ipcMain, Menu, powerMonitor } from 'electron'
import {
  type AgentEntry,
  type AppState,
  PORT_CALL,
  PORT_EVENT,
  type PortEvents,
} from '../../shared/desktop-port.ts'
import { type AgentDesk, createAgentDesk } from '../agents/agent-desk.ts'
import { probeAgent } from '../agents/agent-probe.ts'
import { commandService } from '../agents/agent-services.ts'
import { type AgentStatuses, createAgentStatuses } from '../agents/agent-status.ts'
import { type AgentStore, openAgentStore } from '../agents/agent-store.ts'
import type { ConnectLink } from '../deep-link.ts'
import { desktopErrors } from '../desktop.errors.ts'
import { createDragFiles } from '../files/drag-files.ts'
import { type LocalAgent, openLocalAgent } from '../local/local-agent.ts'
import { localProgram } from '../local/local-program.ts'
import { nativeError } from '../native-errors.ts'
import { nativeTexts } from '../native-texts.ts'
import { createPortCalls } from '../port/port-calls.ts'
import { type AppChoices, createPortHandlers } from '../port/port-handlers.ts'
import { openTokenVault, type TokenVault } from '../session/token-vault.ts'
import { menuTemplate } from '../window/menu-template.ts'
import { type AgentConnections, createAgentConnections } from './agent-connections.ts'
import { createAgentNetwork } from './agent-network.ts'
import { openAppChoices } from './app-choices.ts'
import { keychain } from './keychain.ts'
import { notify, tellNews } from './notifications.ts'
import { openTray } from './tray.ts'
import { type Addressee, Windows } from './windows.ts'

interface Kept {
  store: AgentStore
  vault: TokenVault
  local: LocalAgent
  choices: AppChoices & AsyncDisposable
  logger: Logger
}

/** The running app: its windows, its agents, and what connects the two. */
export class Desktop implements AsyncDisposable {
  readonly #ends = new DisposableStack()
  readonly #logger: Logger
  readonly #store: AgentStore
  readonly #vault: TokenVault
  readonly #statuses: AgentStatuses
  readonly #connections: AgentConnections
  readonly #desk: AgentDesk
  readonly #local: LocalAgent
  readonly #windows: Windows
  readonly #tray: ReturnType<typeof openTray>
  readonly #dragFiles = this.#ends.use(createDragFiles())
  /** What the menu shows; it is made anew only when that changes, since an open menu would close. */
  #menuOf = ''
  #asked: PortEvents['connect'] | null = null

  /** Opens what is kept on disk; the windows come with `show`. */
  static async open(logger: Logger): Promise<Desktop> {
    const inData = (name: string) => join(app.getPath('userData'), name)
    const onDamaged = (keptAs: string) =>
      logger.warn(`the list of agents was damaged and is kept as ${keptAs}`)
    // Each of the parts is opened before there is somebody to tell.
    const told = { store() {}, app(_state: AppState) {}, local() {} }
    const store = await openAgentStore({
      path: inData('agents.json'),
      onChange: () => told.store(),
      onDamaged,
    })
    const vault = await openTokenVault({ path: inData('tokens.json'), cipher: keychain, logger })
    const choices = await openAppChoices({
      logger,
      onChange: (state) => told.app(state),
    })
    const local = await openLocalAgent({
      program: localProgram({
        packaged: app.isPackaged,
        resourcesPath: app.isPackaged ? process.resourcesPath : '',
        appPath: app.getAppPath(),
        platform: process.platform,
        arch: process.arch,
        exists: existsSync,
      }),
      home: inData('agent'),
      stateFile: inData('local-agent.json'),
      clock: systemClock,
      logger,
      onChange: () => told.local(),
    })
    const desktop = new Desktop({ store, vault, local, choices, logger })
    told.store = () => desktop.#agentsChanged()
    told.app = (state) => desktop.#emit({ agent: null }, 'app', state)
    told.local = () => desktop.#localChanged()
    return desktop
  }

  private constructor({ store, vault, local, choices, logger }: Kept) {
    this.#ends.use(choices)
    this.#local = this.#ends.use(local)
    this.#store = store
    this.#vault = vault
    this.#logger = logger
    const network = createAgentNetwork(join(app.getAppPath(), 'dist-web'))
    this.#windows = new Windows({
      network,
      agent: (id) => store.get(id),
      knows: (id) => store.list().some((agent) => agent.id === id),
      stateFile: join(app.getPath('userData'), 'windows.json'),
      onFront: () => this.#setMenu(),
      onAllClosed: () => app.quit(),
    })
    this.#ends.defer(() => this.#windows.saved)
    this.#statuses = this.#ends.use(
      createAgentStatuses({
        clock: systemClock,
        onChange: () => this.#agentsChanged(),
        onNews: (id, news) =>
          tellNews(news, { agent: store.get(id).name, open: (path) => void this.#open(id, path) }),
      }),
    )
    this.#connections = createAgentConnections({
      network,
      vault,
      statuses: this.#statuses,
      onSession: (id, signedIn) => {
        this.#emit({ agent: id }, 'session', { signedIn })
        void this.#statuses.refresh(id)
        this.#agentsChanged()
      },
    })
    this.#desk = createAgentDesk({
      store,
      statuses: this.#statuses,
      probe: probeAgent,
      pages: this.#windows,
      connect: (agent) => this.#connections.sessionOf(agent),
      disconnect: (id) => this.#connections.close(id),
    })
    this.#listen(choices)
    this.#tray = this.#ends.use(this.#openTray())
    powerMonitor.on('resume', () => this.#statuses.refreshAll())
    this.#agentsChanged()
    if (local.state().state === 'stopped' && local.state().startWithApp) this.#startLocal()
  }

  /** Shows the page of that agent (the one shown last by default), opening the windows when there are none. */
  async show(id: string | null = this.#store.selected(), path?: string): Promise<void> {
    // Whoever goes to an agent has left the form that a link opened.
    if (id !== null) this.#asked = null
    await this.#windows.show(id, null, path)
  }

  /** Brings the window used last to the front; when all were closed to the tray, they are opened. */
  focus(): void {
    if (this.#windows.front) this.#windows.focus()
    else void this.show()
  }

  /** Shows the form for adding an agent, filled from a link; a person has to confirm it. */
  async askToConnect(link: ConnectLink | null): Promise<void> {
    await this.show(null)
    this.focus()
    this.#ask({ url: link?.url ?? null, fingerprint: link?.fingerprint ?? null })
  }

  /** A page that is still loading takes it by `context()`; to one that listens already it is sent. */
  #ask(asked: PortEvents['connect']): void {
    this.#asked = asked
    this.#emit({ agent: null }, 'connect', asked)
  }

  /** Keeps which windows are open, for the next start. */
  remember(): void {
    this.#windows.remember()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    ipcMain.removeHandler(PORT_CALL)
    await this.#ends[Symbol.asyncDispose]()
  }

  #listen(choices: AppChoices): void {
    const handlers = createPortHandlers({
      desk: this.#desk,
      local: this.#local,
      adoptLocal: (url, operator, windowId) => this.#adoptLocal({ url, ...operator }, windowId),
      sessionOf: (id) => this.#connections.sessionOf(this.#store.get(id)),
      askToAdd: () => this.#ask({ url: null, fingerprint: null }),
      openWindow: (id) => this.#windows.open(id),
      fetchFile: (id, file) => this.#fetchFile(id, file),
      app: choices,
      appVersion: app.getVersion(),
      tokenStore: this.#vault.store,
      pendingConnect: () => this.#asked,
    })
    const calls = createPortCalls(handlers, this.#logger)
    ipcMain.handle(PORT_CALL, (event, call: unknown) =>
      calls(call, {
        frameUrl: event.senderFrame?.url ?? '',
        isMainFrame: event.senderFrame === event.sender.mainFrame,
        page: this.#windows.pageOf(event.sender),
      }),
    )
  }

  #emit<E extends keyof PortEvents>(to: Addressee, event: E, value: PortEvents[E]): void {
    for (const contents of this.#windows.contents(to)) contents.send(PORT_EVENT, event, value)
  }

  #agentsChanged(): void {
    const agents = this.#desk.list()
    this.#emit('all', 'agents', agents)
    this.#emit({ agent: null }, 'local', this.#local.state())
    this.#setMenu()
    this.#tray.show(agents, this.#local.state())
  }

  /** The agent that was just made joins the list, signed in as its first operator. */
  async #adoptLocal(
    made: { url: string; email: string; password: string },
    windowId: number,
  ): Promise<AgentEntry> {
    const { url, email, password } = made
    const { thisComputer } = nativeTexts(app.getLocale())
    const agent =
      this.#store.find(url) ??
      (await this.#store.add({ url, name: thisComputer, color: null, fingerprint: null }))
    await this.#connections.sessionOf(agent).signIn(email, password)
    await this.#desk.signedInAs(agent.id, email)
    await this.#desk.select(agent.id, windowId)
    return this.#desk.entry(agent.id)
  }

  async #fetchFile(id: string, file: { projectId: string; path: string }): Promise<string> {
    const { name, ...agent } = this.#store.get(id)
    const reach = await this.#connections.reach({ name, ...agent })
    if (reach === null)
      throw desktopErrors.DESKTOP_DRAG_REFUSED({ name: file.path, reason: `nobody is signed in to ${name}` })
    return this.#dragFiles.fetch(reach, file)
  }

  #localChanged(): void {
    const { url } = this.#local.state()
    const agent = url === null ? null : this.#store.find(url)
    // Its line in the list is asked at once, not at the next round.
    if (agent) void this.#statuses.refresh(agent.id)
    this.#agentsChanged()
  }

  #startLocal(): void {
    this.#local.start().catch((error: unknown) => {
      this.#logger.warn('the agent of this computer did not start', { reason: messageOf(error) })
    })
  }

  #openTray(): ReturnType<typeof openTray> {
    return openTray({
      open: (id, path) => void this.#open(id, path),
      command: (id, projectId, what) => void this.#command(id, projectId, what),
      startLocal: () => this.#startLocal(),
      stopLocal: () => void this.#local.stop(),
      quit: () => app.quit(),
    })
  }

  /** Starts or stops a favourite from the tray, where the only place for what went wrong is a notification. */
  async #command(id: string, projectId: string, what: 'start' | 'stop'): Promise<void> {
    const agent = this.#store.get(id)
    const { name = '', slug = '' } = agent.favourites.find((one) => one.projectId === projectId) ?? {}
    try {
      const reach = await this.#connections.reach(agent)
      if (reach === null) throw new Error(nativeTexts(app.getLocale()).nobodySignedIn(agent.name))
      const source = this.#statuses.sourceOf(id, projectId)
      await commandService(reach, { do: what, projectId, source })
    } catch (error) {
      const title = nativeTexts(app.getLocale()).commandFailed(name)
      notify(
        { title, body: nativeError(error, app.getLocale()) },
        () => void this.#open(id, `/projects/${slug}`),
      )
    }
    await this.#statuses.refresh(id)
  }

  /** Shows the window with that agent, and there the page of a path. */
  async #open(id: string | null, path?: string): Promise<void> {
    if (id !== null) await this.#store.select(id)
    await this.show(id ?? undefined, path)
    this.focus()
  }

  #setMenu(): void {
    const selected = this.#windows.front?.shown ?? null
    const agents = this.#store.list()
    const shown = JSON.stringify([selected, agents.map(({ id, name }) => [id, name])])
    if (shown === this.#menuOf) return
    this.#menuOf = shown
    const template = menuTemplate({
      texts: nativeTexts(app.getLocale()),
      agents,
      selected,
      platform: process.platform,
      packaged: app.isPackaged,
      actions: {
        newWindow: () => void this.#windows.open(this.#windows.front?.shown ?? null),
        reload: () => this.#windows.front?.reload(),
        developerTools: () => this.#windows.front?.toggleDevTools(),
        addAgent: () => void this.askToConnect(null),
        selectAgent: (id) => void this.#desk.select(id, null),
        stepAgent: (by) => void this.#step(by),
        command: (name) => this.#emit('shown', 'command', { name }),
      },
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }

  async #step(by: 1 | -1): Promise<void> {
    const ids = this.#store.list().map((agent) => agent.id)
    const at = ids.indexOf(this.#windows.front?.shown ?? '')
    const next = ids[(at + by + ids.length) % ids.length]
    if (next !== undefined) await this.#desk.select(next, null)
  }
}
