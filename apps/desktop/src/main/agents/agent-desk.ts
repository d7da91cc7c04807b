import type { AgentEntry, AgentProbe, Favourite } from '../../shared/desktop-port.ts'
import { desktopErrors } from '../desktop.errors.ts'
import type { AgentSession } from '../session/agent-session.ts'
import type { ProbeAgent } from './agent-probe.ts'
import type { AgentStatuses } from './agent-status.ts'
import type { AgentStore, StoredAgent } from './agent-store.ts'
import { discoverAgents } from './discover-agents.ts'

/** The pages of the agents on the screen: one each in every window. */
export interface AgentPages {
  /**
   * Shows the page of that agent, making it at first use; null: the page for adding one.
   * @param windowId which window; null for the one used last
   */
  show(id: string | null, windowId: number | null): Promise<void>
  /** Closes its pages and forgets what its session kept: cookies, storage, cache. Windows that showed it show the list. */
  close(agent: StoredAgent): Promise<void>
  /** Makes its pages anew with the new pin; what the old ones kept (drafts) goes along. */
  renew(before: StoredAgent, after: StoredAgent): Promise<void>
}

export interface NewAgent {
  url: string
  name?: string | undefined
  color?: string | null | undefined
  fingerprint?: string | undefined
  allowPlainHttp?: boolean | undefined
}

export interface AgentChange {
  name?: string | undefined
  color?: string | null | undefined
  group?: string | null | undefined
}

/** What a person does with the list of agents. */
export interface AgentDesk {
  list(): AgentEntry[]
  entry(id: string): AgentEntry
  probe(url: string): Promise<AgentProbe>
  /** On this computer, not in the list. */
  discover(): Promise<AgentProbe[]>
  add(agent: NewAgent, windowId: number | null): Promise<AgentEntry>
  update(id: string, change: AgentChange): Promise<AgentEntry>
  arrange(wished: readonly { id: string; group: string | null }[]): Promise<AgentEntry[]>
  trust(id: string, fingerprint: string): Promise<AgentEntry>
  signOut(id: string): Promise<AgentEntry>
  remove(id: string): Promise<void>
  select(id: string | null, windowId: number | null): Promise<void>
  signedInAs(id: string, email: string): Promise<void>
  setFavourite(id: string, project: Omit<Favourite, 'state'>, on: boolean): Promise<AgentEntry>
}

export interface AgentDeskDeps {
  store: AgentStore
  statuses: AgentStatuses
  pages: AgentPages
  probe: ProbeAgent
  /** Opened for an agent when it is first used: its session, its certificate rule, its status watch. */
  connect: (agent: StoredAgent) => AgentSession
  disconnect: (id: string) => void
}

export function createAgentDesk(deps: AgentDeskDeps): AgentDesk {
  const { store, statuses, pages, connect } = deps

  function entryOf(agent: StoredAgent): AgentEntry {
    const signedIn = connect(agent).signedIn()
    const stateOf = (projectId: string) => statuses.stateOf(agent.id, projectId)
    const favourites = agent.favourites.map((one) => ({ ...one, state: stateOf(one.projectId) }))
    return { ...agent, favourites, status: statuses.of(agent.id), signedIn }
  }

  async function probe(url: string): Promise<AgentProbe> {
    return { ...(await deps.probe(url)), knownAs: store.find(url)?.name ?? null }
  }

  return {
    list: () => store.list().map(entryOf),
    entry: (id) => entryOf(store.get(id)),
    probe,
    discover: () => discoverAgents({ probe: deps.probe, known: store.list().map(({ url }) => url) }),
    async add(agent, windowId) {
      const known = store.find(agent.url)
      if (known) throw desktopErrors.DESKTOP_AGENT_KNOWN({ url: agent.url, name: known.name })
      const fingerprint = pinFor(agent, await probe(agent.url))
      const { name = new URL(agent.url).host, color = null, url } = agent
      const stored = await store.add({ name, color, url, fingerprint })
      await store.select(stored.id)
      await pages.show(stored.id, windowId)
      return entryOf(stored)
    },
    async update(id, { name, color, group }) {
      const change = {
        ...(name !== undefined && { name }),
        ...(color !== undefined && { color }),
        ...(group !== undefined && { group }),
      }
      return entryOf(await store.update(id, change))
    },
    async arrange(wished) {
      await store.arrange(wished)
      return store.list().map(entryOf)
    },
    async trust(id, fingerprint) {
      const before = store.get(id)
      const { certificate } = await deps.probe(before.url)
      if (certificate?.fingerprint !== fingerprint)
        throw desktopErrors.DESKTOP_CERTIFICATE_CHANGED({
          url: before.url,
          pinned: fingerprint,
          shown: certificate?.fingerprint ?? 'none',
        })
      // A session remembers its verdict on a certificate, so the new pin gets a new one.
      deps.disconnect(id)
      const after = await store.update(id, { fingerprint })
      await pages.renew(before, after)
      await statuses.refresh(id)
      return entryOf(after)
    },
    async signOut(id) {
      await connect(store.get(id)).signOut()
      return entryOf(store.get(id))
    },
    async remove(id) {
      const agent = store.get(id)
      await connect(agent).signOut()
      await store.remove(id)
      deps.disconnect(id)
      await pages.close(agent)
    },
    async select(id, windowId) {
      await store.select(id)
      await pages.show(id, windowId)
      if (id !== null) await statuses.refresh(id)
    },
    async signedInAs(id, email) {
      await store.update(id, { email })
    },
    async setFavourite(id, { projectId, slug, name }, on) {
      const others = store.get(id).favourites.filter((one) => one.projectId !== projectId)
      const favourites = on ? [...others, { projectId, slug, name }] : others
      return entryOf(await store.update(id, { favourites }))
    },
  }
}

/** The fingerprint to pin; null when the system's authorities vouch for the agent, or over http. */
function pinFor(agent: NewAgent, probe: AgentProbe): string | null {
  const { url, fingerprint } = agent
  const { certificate } = probe
  if (probe.plainHttpOffMachine && !agent.allowPlainHttp) throw desktopErrors.DESKTOP_PLAIN_HTTP({ url })
  if (certificate === null) return null
  if (fingerprint !== undefined && fingerprint !== certificate.fingerprint)
    throw desktopErrors.DESKTOP_CERTIFICATE_CHANGED({
      url,
      pinned: fingerprint,
      shown: certificate.fingerprint,
    })
  if (fingerprint === undefined && !certificate.trusted)
    throw desktopErrors.DESKTOP_CERTIFICATE_UNKNOWN({ url, fingerprint: certificate.fingerprint })
  return fingerprint ?? null
}
