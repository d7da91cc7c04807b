import type { AgentEntry, AgentProbe } from '../../shared/desktop-port.ts'
import { desktopErrors } from '../desktop.errors.ts'
import type { AgentSession } from '../session/agent-session.ts'
import type { AgentStatuses } from './agent-status.ts'
import type { AgentStore, StoredAgent } from './agent-store.ts'

/** The pages of the agents on the screen, one each. */
export interface AgentPages {
  /** Shows the page of that agent, making it at first use; null: the page for adding one. */
  show(id: string | null): Promise<void>
  /** Closes the page and forgets what its session kept: cookies, storage, cache. */
  close(id: string): Promise<void>
}

export interface NewAgent {
  url: string
  name?: string | undefined
  color?: string | null | undefined
  fingerprint?: string | undefined
  allowPlainHttp?: boolean | undefined
}

/** What a person does with the list of agents. */
export interface AgentDesk {
  list(): AgentEntry[]
  entry(id: string): AgentEntry
  probe(url: string): Promise<AgentProbe>
  add(agent: NewAgent): Promise<AgentEntry>
  update(
    id: string,
    change: { name?: string | undefined; color?: string | null | undefined },
  ): Promise<AgentEntry>
  reorder(ids: readonly string[]): Promise<AgentEntry[]>
  remove(id: string): Promise<void>
  select(id: string | null): Promise<void>
  signedInAs(id: string, email: string): Promise<void>
}

export interface AgentDeskDeps {
  store: AgentStore
  statuses: AgentStatuses
  pages: AgentPages
  probe: (url: string) => Promise<Omit<AgentProbe, 'knownAs'>>
  /** Opened for an agent when it is first used: its session, its certificate rule, its status watch. */
  connect: (agent: StoredAgent) => AgentSession
  disconnect: (id: string) => void
}

export function createAgentDesk(deps: AgentDeskDeps): AgentDesk {
  const { store, statuses, pages, connect } = deps

  function entryOf(agent: StoredAgent): AgentEntry {
    return { ...agent, status: statuses.of(agent.id), signedIn: connect(agent).signedIn() }
  }

  async function probe(url: string): Promise<AgentProbe> {
    return { ...(await deps.probe(url)), knownAs: store.find(url)?.name ?? null }
  }

  return {
    list: () => store.list().map(entryOf),
    entry: (id) => entryOf(store.get(id)),
    probe,
    async add(agent) {
      const known = store.find(agent.url)
      if (known) throw desktopErrors.DESKTOP_AGENT_KNOWN({ url: agent.url, name: known.name })
      const fingerprint = pinFor(agent, await probe(agent.url))
      const { name = new URL(agent.url).host, color = null, url } = agent
      const stored = await store.add({ name, color, url, fingerprint })
      await store.select(stored.id)
      await pages.show(stored.id)
      return entryOf(stored)
    },
    async update(id, change) {
      const { name, color } = change
      return entryOf(
        await store.update(id, {
          ...(name !== undefined && { name }),
          ...(color !== undefined && { color }),
        }),
      )
    },
    async reorder(ids) {
      await store.reorder(ids)
      return store.list().map(entryOf)
    },
    async remove(id) {
      await connect(store.get(id)).signOut()
      await store.remove(id)
      deps.disconnect(id)
      await pages.show(store.selected())
      await pages.close(id)
    },
    async select(id) {
      await store.select(id)
      await pages.show(id)
      if (id !== null) await statuses.refresh(id)
    },
    async signedInAs(id, email) {
      await store.update(id, { email })
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
