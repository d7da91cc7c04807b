import { systemClock } from '@m3m/base'
import type { ServicesReach } from '../agents/agent-services.ts'
import type { AgentStatuses } from '../agents/agent-status.ts'
import type { StoredAgent } from '../agents/agent-store.ts'
import { type AgentSession, createAgentSession } from '../session/agent-session.ts'
import { createAuthCalls } from '../session/auth-calls.ts'
import type { TokenVault } from '../session/token-vault.ts'
import type { AgentNetwork } from './agent-network.ts'

export interface AgentConnections {
  sessionOf(agent: StoredAgent): AgentSession
  /** For requests of main itself; null while nobody is signed in. */
  reach(agent: StoredAgent): Promise<ServicesReach | null>
  close(id: string): void
}

/** The sign-in of each agent, made at first use together with its network session and its status watch. */
export function createAgentConnections(deps: {
  network: AgentNetwork
  vault: TokenVault
  statuses: AgentStatuses
  onSession: (id: string, signedIn: boolean) => void
}): AgentConnections {
  const { network, vault, statuses, onSession } = deps
  const sessions = new Map<string, AgentSession>()

  function connect(agent: StoredAgent): AgentSession {
    const reach = network.reach(agent)
    const session = createAgentSession({
      agentId: agent.id,
      calls: createAuthCalls({ url: agent.url, fetch: reach.fetch, clock: systemClock }),
      vault,
      clock: systemClock,
      onChange: (signedIn) => onSession(agent.id, signedIn),
    })
    sessions.set(agent.id, session)
    statuses.watch(agent.id, agent.url, { ...reach, token: () => tokenOf(session) })
    return session
  }

  const sessionOf = (agent: StoredAgent) => sessions.get(agent.id) ?? connect(agent)
  return {
    sessionOf,
    async reach(agent) {
      const token = await tokenOf(sessionOf(agent))
      return token === null ? null : { url: agent.url, fetch: network.reach(agent).fetch, token }
    },
    close(id) {
      statuses.forget(id)
      sessions.delete(id)
    },
  }
}

async function tokenOf(session: AgentSession): Promise<string | null> {
  return session.signedIn() ? ((await session.accessToken({}))?.token ?? null) : null
}
