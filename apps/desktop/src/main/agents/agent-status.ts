import type { Clock } from '@m3m/base'
import { z } from 'zod'
import type { AgentStatus } from '../../shared/desktop-port.ts'
import { type AgentServices, askServices, type Crash, newCrashes } from './agent-services.ts'

/** Often enough that a person who looks up sees the truth, rare enough for 50 agents on a laptop. */
const EVERY_MS = 10_000
const TIMEOUT_MS = 5_000
const UNKNOWN: AgentStatus = { state: 'unknown', latencyMs: null, version: null, services: null }

const infoSchema = z.object({ result: z.object({ data: z.object({ version: z.string() }) }) })

/** One way to reach an agent: its session's `fetch`, so that proxies and pins are those of its page. */
export interface AgentReach {
  fetch: typeof globalThis.fetch
  /** False once the session refused the certificate the agent showed. */
  trusted(): boolean
  /** A short-lived token of who is signed in; null for nobody. */
  token(): Promise<string | null>
}

export interface AgentStatuses extends AsyncDisposable {
  of(id: string): AgentStatus
  /** Begins to ask that agent, at once and then every 10 s. */
  watch(id: string, url: string, reach: AgentReach): void
  forget(id: string): void
  /** Asks that agent now. */
  refresh(id: string): Promise<void>
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
 * @param onCrash called once for each service that is found crashed and was not before
 */
export function createAgentStatuses(deps: {
  clock: Clock
  onChange: () => void
  onCrash?: (id: string, crash: Crash) => void
  everyMs?: number
}): AgentStatuses {
  const { clock, onChange, everyMs = EVERY_MS } = deps
  const watched = new Map<string, Watched>()

  async function refresh(id: string): Promise<void> {
    const agent = watched.get(id)
    if (!agent) return
    agent.cancel()
    const status = await askStatus(agent)
    const crashes = status.state === 'online' ? await lookAtServices(agent, status) : []
    // Forgotten or watched anew at another address meanwhile.
    if (watched.get(id) !== agent) return
    const changed = JSON.stringify(status) !== JSON.stringify(agent.status)
    agent.status = status
    agent.cancel = clock.after(everyMs, () => void refresh(id))
    if (changed) onChange()
    for (const crash of crashes) deps.onCrash?.(id, crash)
  }

  return {
    of: (id) => watched.get(id)?.status ?? UNKNOWN,
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
    async [Symbol.asyncDispose]() {
      for (const agent of watched.values()) agent.cancel()
      watched.clear()
    },
  }
}

/** Fills the status in; an answer that did not come leaves what was known, so that one lost request is no crash. */
async function lookAtServices(agent: Watched, status: AgentStatus): Promise<Crash[]> {
  const reach = { url: agent.url, fetch: agent.reach.fetch, token: () => agent.reach.token() }
  const now = await askServices(reach)
  if (now === null) return []
  const crashes = await newCrashes(reach, agent.services, now)
  agent.services = now
  status.services = { running: now.running, crashed: now.crashed.size }
  return crashes
}

async function askStatus(agent: Watched): Promise<AgentStatus> {
  const startedMs = performance.now()
  try {
    const answer = await agent.reach.fetch(`${agent.url}/trpc/agent.info`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      credentials: 'omit',
    })
    const info = infoSchema.safeParse(await answer.json())
    if (!info.success) return { ...agent.status, state: 'offline', latencyMs: null, services: null }
    const latencyMs = Math.round(performance.now() - startedMs)
    const { version } = info.data.result.data
    return { state: 'online', latencyMs, version, services: null }
  } catch {
    const state = agent.reach.trusted() ? 'offline' : 'untrusted'
    return { ...agent.status, state, latencyMs: null, services: null }
  }
}
