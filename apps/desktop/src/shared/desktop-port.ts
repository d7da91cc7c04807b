import type { ErrorShape } from '@m3m/base'
import type { PortInput, PortMethod } from './desktop-port.schema.ts'

/**
 * The one bridge between the page and the desktop app: `window.m3m`, absent in a browser.
 *
 * Each agent has a page of its own (own session, own certificate check, own cookies), and `select` shows
 * another page. So a page speaks for exactly one agent, `context().agent`, and cannot ask for the tokens of
 * another; the page without an agent (`context().agent === null`, "home") is where agents are added, and the only one
 * that may call what concerns other agents or this computer (HOME_METHODS).
 */
export interface DesktopPort {
  /** Rises when a method changes its meaning. */
  readonly version: 1
  readonly platform: 'darwin' | 'linux' | 'win32'
  context(): PortAnswer<DesktopContext>
  readonly agents: {
    /** In the person's order. */
    list(): PortAnswer<AgentEntry[]>
    /**
     * Asks the address who it is, before it is added. Nothing is stored and no credential is sent.
     * @throws DESKTOP_AGENT_UNREACHABLE, DESKTOP_NOT_AN_AGENT
     */
    probe(input: PortInput<'agents.probe'>): PortAnswer<AgentProbe>
    /**
     * Stores the agent, makes its page and shows it.
     * @throws DESKTOP_AGENT_KNOWN, DESKTOP_PLAIN_HTTP, DESKTOP_CERTIFICATE_UNKNOWN, DESKTOP_CERTIFICATE_CHANGED and those of `probe`
     */
    add(input: PortInput<'agents.add'>): PortAnswer<AgentEntry>
    /** Agents that answer on the usual ports of this computer and are not in the list; asked within a second. */
    discover(): PortAnswer<AgentProbe[]>
    update(input: PortInput<'agents.update'>): PortAnswer<AgentEntry>
    /** The wished order, each with its group; agents not named keep their order and group behind them. */
    arrange(input: PortInput<'agents.arrange'>): PortAnswer<AgentEntry[]>
    /**
     * Pins another certificate for an agent whose own changed. The sign-in and the drafts of its page stay.
     * @throws DESKTOP_CERTIFICATE_CHANGED when the agent now shows yet another one
     */
    trust(input: PortInput<'agents.trust'>): PortAnswer<AgentEntry>
    /** Ends the sign-in there; the entry stays. An agent that is away is told nothing, and its token is forgotten here. */
    signOut(input: PortInput<'agents.signOut'>): PortAnswer<AgentEntry>
    /** Signs out (as far as the agent can be reached), forgets tokens, cookies and the entry, closes its page. */
    remove(input: PortInput<'agents.remove'>): PortAnswer<null>
    /** Shows the page of that agent in this window, or with null the list of agents, with `add` at its form for one more. */
    select(input: PortInput<'agents.select'>): PortAnswer<null>
  }
  readonly windows: {
    /** Opens a further window with that agent, or with null with the list of agents. */
    open(input: PortInput<'windows.open'>): PortAnswer<null>
  }
  /** Services of this page's agent that the tray can start and stop. */
  readonly favourites: {
    set(input: PortInput<'favourites.set'>): PortAnswer<AgentEntry>
  }
  readonly files: {
    /**
     * Fetches a stored file of this page's agent, at most 256 MiB, and hands it to the drag that the person has
     * begun; other programs get it as a file.
     * @throws DESKTOP_DRAG_TOO_LARGE, DESKTOP_AGENT_UNREACHABLE
     */
    dragOut(input: PortInput<'files.dragOut'>): PortAnswer<null>
    /** Asks where to save a file of this page's agent and streams it there, however large; a failure is told by a dialog. */
    save(input: PortInput<'files.save'>): PortAnswer<null>
  }
  /** The agent that this app runs on this computer. */
  readonly local: {
    state(): PortAnswer<LocalAgentState>
    /**
     * Makes the agent with its first operator, starts it, adds it to the list, signs in and shows it.
     * @throws DESKTOP_LOCAL_ABSENT, DESKTOP_LOCAL_FAILED
     */
    create(input: PortInput<'local.create'>): PortAnswer<AgentEntry>
    /** @throws DESKTOP_LOCAL_FAILED */
    start(): PortAnswer<LocalAgentState>
    /** Its services drain first, at most 30 s. */
    stop(): PortAnswer<LocalAgentState>
    /** What it wrote since its start, at most 64 Ki characters. */
    log(): PortAnswer<string>
    /** Restarts it as the version that came with this app; its services drain first. @throws DESKTOP_LOCAL_FAILED */
    upgrade(): PortAnswer<LocalAgentState>
    setStartWithApp(input: PortInput<'local.setStartWithApp'>): PortAnswer<LocalAgentState>
  }
  /** This app on this computer. */
  readonly app: {
    state(): PortAnswer<AppState>
    /** Opened at login it stays in the tray. */
    setOpenAtLogin(input: PortInput<'app.setOpenAtLogin'>): PortAnswer<AppState>
    setUpdateChannel(input: PortInput<'app.setUpdateChannel'>): PortAnswer<AppState>
    checkForUpdate(): PortAnswer<AppState>
    /** Quits, installs the update that was downloaded, starts again. Nothing when there is none. */
    installUpdate(): PortAnswer<null>
  }
  /** Of this page's agent. The refresh token stays in main, encrypted by the system's keychain. */
  readonly session: {
    /** @throws DESKTOP_AGENT_UNREACHABLE, DESKTOP_CERTIFICATE_CHANGED, and what the agent's `auth.login` refuses with, its code kept */
    signIn(input: PortInput<'session.signIn'>): PortAnswer<AccessToken>
    /**
     * A token good for at least half a minute, refreshed when needed; null when nobody is signed in. `renew`
     * fetches a new one although the old one's time is not over (the agent answered 401).
     * @throws DESKTOP_AGENT_UNREACHABLE: the sign-in stands, ask again later
     */
    accessToken(input: PortInput<'session.accessToken'>): PortAnswer<AccessToken | null>
    signOut(): PortAnswer<null>
  }
  /** Calls `listener` for each such event until the returned function is called. */
  on<E extends keyof PortEvents>(event: E, listener: (value: PortEvents[E]) => void): () => void
}

export interface PortEvents {
  /** The list, an order, a colour or a status changed. */
  agents: AgentEntry[]
  /** Of this page's agent: signed in or out, here, in another window, or by the agent. */
  session: { signedIn: boolean }
  /** A link `m3m://connect?url=…&fingerprint=…` or the menu asks to add an agent; show the form for confirmation. */
  connect: { url: string | null; fingerprint: string | null }
  /** A notification was clicked: the page goes there. */
  open: { path: string }
  /** The agent of this computer started, stopped, failed. */
  local: LocalAgentState
  /** An update was found, downloaded, failed; a choice of the app changed. */
  app: AppState
  /** A native menu entry that the page carries out. */
  command: { name: 'search' | 'settings' | 'shortcuts' }
}

export interface DesktopContext {
  /** The agent of this page; null on the page for adding one. */
  agent: AgentEntry | null
  appVersion: string
  /** How tokens are kept: `memory` means that this computer has no keychain and a restart signs out. */
  tokenStore: 'keychain' | 'memory'
  /** What a link or the menu asked for before this page listened. */
  pendingConnect: PortEvents['connect'] | null
}

export interface AgentEntry {
  id: string
  name: string
  /** Origin without a slash at the end: `https://host:3000`. */
  url: string
  color: string | null
  /** Under which heading it stands in the list; null for none. */
  group: string | null
  favourites: Favourite[]
  /** SHA-256 of the pinned certificate, 64 hex digits; null when the system's authorities vouch for it or over http. */
  fingerprint: string | null
  status: AgentStatus
  /** Whether a sign-in is kept. */
  signedIn: boolean
  /** E-mail of who signed in last; null when nobody did. */
  email: string | null
}

/** A service that the tray can start and stop. */
export interface Favourite {
  projectId: string
  slug: string
  name: string
  /** Null while it is not known: nobody signed in, the agent away, no right. */
  state: 'running' | 'starting' | 'stopping' | 'stopped' | 'crashed' | null
}

export interface AppState {
  version: string
  /** Null where the system has no such thing. */
  openAtLogin: boolean | null
  channel: 'latest' | 'beta'
  update: UpdateState
}

/** `off`: this package names no place for updates, or the app is not packaged. `version`: of the update. */
export type UpdateState =
  | { state: 'off' | 'none' | 'checking' }
  | { state: 'downloading'; version: string; percent: number }
  | { state: 'ready'; version: string }
  | { state: 'failed'; problem: string }

export interface AgentStatus {
  /** `untrusted`: the certificate is not the pinned one, nothing is sent. `unknown`: not asked yet. */
  state: 'online' | 'offline' | 'untrusted' | 'unknown'
  /** Time of the last health answer; null unless online. */
  latencyMs: number | null
  /** Of the agent, as last heard. */
  version: string | null
  /** Its protocol (core, PROTOCOL_VERSION), as last heard; null from agents that name none. */
  protocol: number | null
  /** With `untrusted`: SHA-256 of the certificate that it showed instead of the pinned one. */
  shown: string | null
  /** What its services do; null while nobody is signed in there. */
  services: { running: number; crashed: number } | null
}

export interface LocalAgentState {
  /** `unavailable`: no agent can run here; `absent`: none was made yet. */
  state: 'unavailable' | 'absent' | 'stopped' | 'starting' | 'running' | 'stopping' | 'failed'
  /** Null while there is none. */
  url: string | null
  /** What it said last, when it failed. */
  problem: string | null
  startWithApp: boolean
  /** Of the one that runs; null while none does. */
  version: string | null
  /** Set while the one that runs is not the version that came with this app: what `upgrade` would start. */
  upgradeTo: string | null
}

export interface AgentProbe {
  url: string
  /** Null when the agent does not tell it. */
  version: string | null
  latencyMs: number
  /** Null over plain http. */
  certificate: CertificateFacts | null
  /** Plain http to another computer: warn before `add` with `allowPlainHttp`. */
  plainHttpOffMachine: boolean
  /** Set when the list has this agent already. */
  knownAs: string | null
}

export interface CertificateFacts {
  /** SHA-256 of the DER form, 64 hex digits. */
  fingerprint: string
  subject: string
  /** ISO 8601. */
  validTo: string
  /** The system's authorities vouch for it and it names this host: no pin is needed. */
  trusted: boolean
}

export interface AccessToken {
  token: string
  /** ISO 8601; at most 15 minutes ahead. */
  expiresAt: string
}

/** Errors cross as data, since the bridge would strip all but their message. */
export type PortResult<T> = { ok: true; value: T } | { ok: false; error: ErrorShape }
export type PortAnswer<T> = Promise<PortResult<T>>

/** The channel of every request and the channel of every event between preload and main. */
export const PORT_CALL = 'm3m:call'
export const PORT_EVENT = 'm3m:event'

/** One request as it crosses. */
export interface PortCall {
  method: PortMethod
  input: unknown
}

declare global {
  interface Window {
    readonly m3m?: DesktopPort
  }
}
