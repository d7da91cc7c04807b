import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DisposableStack, type Logger, messageOf, systemClock } from '@m3m/base'
import { app, ipcMain, Menu, Notification } from 'electron'
import { type AgentEntry, PORT_CALL, PORT_EVENT, type PortEvents } from '../../shared/desktop-port.ts'
import { type AgentDesk, createAgentDesk } from '../agents/agent-desk.ts'
import type { Crash } from '../agents/agent-services.ts'
import { probeAgent } from '../agents/agent-probe.ts'
import { type AgentStatuses, createAgentStatuses } from '../agents/agent-status.ts'
import { type AgentStore, openAgentStore } from '../agents/agent-store.ts'
import type { ConnectLink } from '../deep-link.ts'
import { type LocalAgent, openLocalAgent } from '../local/local-agent.ts'
import { localProgram } from '../local/local-program.ts'
import { nativeTexts } from '../native-texts.ts'
import { createPortCalls } from '../port/port-calls.ts'
import { createPortHandlers } from '../port/port-handlers.ts'
import { openTokenVault, type TokenVault } from '../session/token-vault.ts'
import { menuTemplate } from '../window/menu-template.ts'
import { type AgentNetwork, createAgentNetwork } from './agent-network.ts'
import { createAgentConnections } from './agent-connections.ts'
import { keychain } from './keychain.ts'
import { type Addressee, MainWindow } from './main-window.ts'
import { openTray } from './tray.ts'

/** The running app: its window, its agents, and what connects the two. */
export class Desktop implements AsyncDisposable {
  readonly #ends = new DisposableStack()
  readonly #logger: Logger
  readonly #store: AgentStore
  readonly #vault: TokenVault
  readonly #network: AgentNetwork
  readonly #statuses: AgentStatuses
  readonly #desk: AgentDesk
  readonly #local: LocalAgent
  readonly #tray: ReturnType<typeof openTray>
  #window: MainWindow | null = null
  #opening: Promise<MainWindow> | null = null
  /** What the menu shows; it is made anew only when that changes, since an open menu would close. */
  #menuOf = ''
  #asked: PortEvents['connect'] | null = null

  /** Opens what is kept on disk; the window comes with `show`. */
  static async open(logger: Logger): Promise<Desktop> {
    const inData = (name: string) => join(app.getPath('userData'), name)
    const onDamaged = (keptAs: string) =>
      logger.warn(`the list of agents was damaged and is kept as ${keptAs}`)
    let changed = () => {}
    let localChanged = () => {}
    const store = await openAgentStore({ path: inData('agents.json'), onChange: () => changed(), onDamaged })
    const vault = await openTokenVault({ path: inData('tokens.json'), cipher: keychain, logger })
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
      onChange: () => localChanged(),
    })
    const desktop = new Desktop({ store, vault, local, logger })
    changed = () => desktop.#agentsChanged()
    localChanged = () => desktop.#localChanged()
    return desktop
  }

  private constructor(kept: { store: AgentStore; vault: TokenVault; local: LocalAgent; logger: Logger }) {
    const { store, vault, local, logger } = kept
    this.#local = this.#ends.use(local)
    this.#store = store
    this.#vault = vault
    this.#logger = logger
    this.#network = createAgentNetwork(join(app.getAppPath(), 'dist-web'))
    const statuses = (this.#statuses = this.#ends.use(
      createAgentStatuses({
        clock: systemClock,
        onChange: () => this.#agentsChanged(),
        onCrash: (id, crash) => this.#tellCrash(id, crash),
      }),
    ))
    const connections = createAgentConnections({
      network: this.#network,
      vault,
      statuses,
      onSession: (id, signedIn) => {
        this.#emit({ agent: id }, 'session', { signedIn })
        this.#agentsChanged()
      },
    })
    this.#desk = createAgentDesk({
      store,
      statuses,
      probe: probeAgent,
      pages: { show: (id) => this.show(id), close: async (id) => this.#window?.close(id) },
      connect: connections.sessionOf,
      disconnect: connections.close,
    })
    this.#listen((id) => connections.sessionOf(store.get(id)))
    this.#tray = this.#ends.use(
      openTray({
        open: (id) => void this.#open(id),
        startLocal: () => void local.start().catch((error: unknown) => this.#localFailed(error)),
        stopLocal: () => void local.stop(),
        quit: () => app.quit(),
      }),
    )
    this.#agentsChanged()
    if (local.state().state === 'stopped' && local.state().startWithApp)
      local.start().catch((error: unknown) => this.#localFailed(error))
  }

  /** Shows the page of that agent (the one shown last by default), opening the window when there is none. */
  async show(id: string | null = this.#store.selected()): Promise<void> {
    // One opening for all who ask while it lasts.
    this.#opening ??= this.#openWindow().finally(() => (this.#opening = null))
    const window = this.#window ?? (await this.#opening)
    // Whoever goes to an agent has left the form that a link opened.
    if (id !== null) this.#asked = null
    this.#setMenu()
    await window.show(id)
  }

  async #openWindow(): Promise<MainWindow> {
    this.#window ??= await MainWindow.open({
      network: this.#network,
      agent: (agentId) => this.#store.get(agentId),
      stateFile: join(app.getPath('userData'), 'window.json'),
      onClosed: () => {
        const { saved } = this.#window!
        this.#ends.defer(() => saved)
        this.#window = null
      },
    })
    return this.#window
  }

  /** Brings the window to the front; one that was closed to the tray is opened. */
  focus(): void {
    if (this.#window) this.#window.focus()
    else void this.show()
  }

  /** Shows the form for adding an agent, filled from a link; a person has to confirm it. */
  async askToConnect(link: ConnectLink | null): Promise<void> {
    this.#asked = { url: link?.url ?? null, fingerprint: link?.fingerprint ?? null }
    await this.show(null)
    this.focus()
    // A page that is still loading takes it by `context()`; to one that listens already it is sent.
    this.#emit({ agent: null }, 'connect', this.#asked)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    ipcMain.removeHandler(PORT_CALL)
    await this.#ends[Symbol.asyncDispose]()
  }

  #listen(sessionOf: Parameters<typeof createPortHandlers>[0]['sessionOf']): void {
    const handlers = createPortHandlers({
      desk: this.#desk,
      local: this.#local,
      adoptLocal: (url, operator) => this.#adoptLocal(url, operator, sessionOf),
      sessionOf,
      appVersion: app.getVersion(),
      tokenStore: this.#vault.store,
      pendingConnect: () => this.#asked,
    })
    const calls = createPortCalls(handlers, this.#logger)
    ipcMain.handle(PORT_CALL, (event, call: unknown) =>
      calls(call, {
        frameUrl: event.senderFrame?.url ?? '',
        isMainFrame: event.senderFrame === event.sender.mainFrame,
        page: this.#window?.pageOf(event.sender) ?? null,
      }),
    )
  }

  #emit<E extends keyof PortEvents>(to: Addressee, event: E, value: PortEvents[E]): void {
    for (const contents of this.#window?.contents(to) ?? []) contents.send(PORT_EVENT, event, value)
  }

  #agentsChanged(): void {
    const agents = this.#desk.list()
    this.#emit('all', 'agents', agents)
    this.#emit('all', 'local', this.#local.state())
    this.#setMenu()
    this.#tray.show(agents, this.#local.state())
  }

  /** The agent that was just made joins the list, signed in as its first operator. */
  async #adoptLocal(
    url: string,
    { email, password }: { email: string; password: string },
    sessionOf: (id: string) => { signIn(email: string, password: string): Promise<unknown> },
  ): Promise<AgentEntry> {
    const { thisComputer } = nativeTexts(app.getLocale())
    const { id } =
      this.#store.find(url) ??
      (await this.#store.add({ url, name: thisComputer, color: null, fingerprint: null }))
    await sessionOf(id).signIn(email, password)
    await this.#desk.signedInAs(id, email)
    await this.#desk.select(id)
    return this.#desk.entry(id)
  }

  #localChanged(): void {
    const { url } = this.#local.state()
    const agent = url === null ? null : this.#store.find(url)
    // Its line in the list is asked at once, not at the next round.
    if (agent) void this.#statuses.refresh(agent.id)
    this.#agentsChanged()
  }

  #localFailed(error: unknown): void {
    this.#logger.warn('the agent of this computer did not start', { reason: messageOf(error) })
  }

  #tellCrash(id: string, { project, slug, reason }: Crash): void {
    if (!Notification.isSupported()) return
    const title = nativeTexts(app.getLocale()).crashTitle(project, this.#store.get(id).name)
    const notification = new Notification({ title, body: reason })
    notification.on('click', () => void this.#open(id, `/projects/${slug}`))
    notification.show()
  }

  /** Shows the window with that agent, and there the page of a path. */
  async #open(id: string | null, path?: string): Promise<void> {
    if (id === null) await this.show()
    else await this.#desk.select(id)
    this.focus()
    if (path !== undefined) this.#emit({ agent: id }, 'open', { path })
  }

  #setMenu(): void {
    const shown = JSON.stringify([
      this.#store.selected(),
      ...this.#store.list().map(({ id, name }) => [id, name]),
    ])
    if (shown === this.#menuOf) return
    this.#menuOf = shown
    const template = menuTemplate({
      texts: nativeTexts(app.getLocale()),
      agents: this.#store.list(),
      selected: this.#store.selected(),
      platform: process.platform,
      packaged: app.isPackaged,
      actions: {
        addAgent: () => void this.askToConnect(null),
        selectAgent: (id) => void this.#desk.select(id),
        stepAgent: (by) => void this.#step(by),
        command: (name) => this.#emit('shown', 'command', { name }),
      },
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }

  async #step(by: 1 | -1): Promise<void> {
    const ids = this.#store.list().map((agent) => agent.id)
    const at = ids.indexOf(this.#store.selected() ?? '')
    const next = ids[(at + by + ids.length) % ids.length]
    if (next !== undefined) await this.#desk.select(next)
  }
}
