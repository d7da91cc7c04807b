import type { Clock } from '@m3m/base'
import { z } from 'zod'
import type { AgentStatus, Favourite } from '../../shared/desktop-port.ts'
import { type AgentNews, type AgentServices, askServices, newsSince } from './agent-services.ts'

/** Often enough that a person who looks up sees the truth, rare enough for 50 agents on a laptop. */
const EVERY_MS = 10_000
const TIMEOUT_MS = 5_000
const UNKNOWN: AgentStatus = {
  state: 'unknown',
  latencyMs: null,
  version: null,
  protocol: null,
  shown: null,
  services: null,
}

const infoSchema = z.object({
  result: z.object({ data: z.object({ version: z.string(), protocol: z.number().int().optional() }) }),
})

/** One way to reach an agent: its session's `fetch`, so that proxies and pins are those of its page. */
export interface AgentReach {
  fetch: typeof globalThis.fetch
  /** Fingerprint of the certificate that the session refused; null while it refused none. */
  refused(): string | null
  /** A short-lived token of who is signed in; null for nobody. */
  token(): Promise<string | null>
}

export interface AgentStatuses extends AsyncDisposable {
  of(id: string): AgentStatus
  /** Of one service, as last heard; null when it is not known. */
  stateOf(id: string, projectId: string): Favourite['state']
  /** What would be started there, as the agent named it; null when it is not known. */
  sourceOf(id: string, projectId: string): unknown
  /** Begins to ask that agent, at once and then every 10 s. */
  watch(id: string, url: string, reach: AgentReach): void
  forget(id: string): void
  /** Asks that agent now. */
  refresh(id: string): Promise<void>
  /** Asks every agent now: the computer woke. */
  refreshAll(): void
}

interface Watched {
  url: string
  reach: AgentReach
  status: AgentStatus
  services: AgentServices | null
  cancel: () => void
}

/**
 * @param onChange called when what a person would see changed
 * @param onNews called once for each thing that happened since the agent was asked before
 */
export function createAgentStatuses(deps: {
  clock: Clock
  onChange: () => void
  onNews?: (id: string, news: AgentNews) => void
  everyMs?: number
}): AgentStatuses {
  const { clock, onChange, everyMs = EVERY_MS } = deps
  const watched = new Map<string, Watched>()

  async function refresh(id: string): Promise<void> {
    const agent = watched.get(id)
    if (!agent) return
    agent.cancel()
    const status = await askStatus(agent)
    const before = agent.services
    const now = status.state === 'online' ? await lookAtServices(agent) : before
    const news = status.state === 'online' ? newsSince(before, now) : []
    // Forgotten or watched anew at another address meanwhile.
    if (watched.get(id) !== agent) return
    if (status.state === 'online' && now) status.services = countsOf(now)
    const seen = ({ states }: AgentServices) => [...states].toSorted()
    const changed =
      JSON.stringify(status) !== JSON.stringify(agent.status) ||
      JSON.stringify(now && seen(now)) !== JSON.stringify(before && seen(before))
    agent.status = status
    agent.services = now
    agent.cancel = clock.after(everyMs, () => void refresh(id))
    if (changed) onChange()
    for (const one of news) deps.onNews?.(id, one)
  }

  return {
    of: (id) => watched.get(id)?.status ?? UNKNOWN,
    stateOf(id, projectId) {
      const agent = watched.get(id)
      const isKnown = agent?.status.state === 'online' && agent.status.services !== null
      return isKnown ? (agent.services?.states.get(projectId) ?? null) : null
    },
    sourceOf: (id, projectId) => watched.get(id)?.services?.sources.get(projectId) ?? null,
    watch(id, url, reach) {
      watched.get(id)?.cancel()
      watched.set(id, { url, reach, status: UNKNOWN, services: null, cancel: () => {} })
      void refresh(id)
    },
    forget(id) {
      watched.get(id)?.cancel()
      watched.delete(id)
    },
    refresh,
    refreshAll: () => watched.forEach((_agent, id) => void refresh(id)),
    async [Symbol.asyncDispose]() {
      for (const agent of watched.values()) agent.cancel()
      watched.clear()
    },
  }
}

/** Null once nobody is signed in. An answer that did not come leaves what was known: one lost request is no crash. */
async function lookAtServices(agent: Watched): Promise<AgentServices | null> {
  const { url, reach } = agent
  const token = await reach.token().catch(() => undefined)
  if (token === null) return null
  if (token === undefined) return agent.services
  return (await askServices({ url, fetch: reach.fetch, token })) ?? agent.services
}

function countsOf({ states }: AgentServices): { running: number; crashed: number } {
  const count = (wanted: string) => [...states.values()].filter((state) => state === wanted).length
  return { running: count('running'), crashed: count('crashed') }
}

async function askStatus(agent: Watched): Promise<AgentStatus> {
  const startedMs = performance.now()
  const away = { ...agent.status, latencyMs: null, shown: null, services: null }
  try {
    const answer = await agent.reach.fetch(`${agent.url}/trpc/agent.info`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      credentials: 'omit',
    })
    const info = infoSchema.safeParse(await answer.json())
    if (!info.success) return { ...away, state: 'offline' }
    const latencyMs = Math.round(performance.now() - startedMs)
    const { version, protocol = null } = info.data.result.data
    return { state: 'online', latencyMs, version, protocol, shown: null, services: null }
  } catch {
    const shown = agent.reach.refused()
    return { ...away, state: shown === null ? 'offline' : 'untrusted', shown }
  }
}
