import { systemClock } from '@m3m/base'
import type { AgentStatuses } from '../agents/agent-status.ts'
import type { StoredAgent } from '../agents/agent-store.ts'
import { type AgentSession, createAgentSession } from '../session/agent-session.ts'
import { createAuthCalls } from '../session/auth-calls.ts'
import type { TokenVault } from '../session/token-vault.ts'
import type { AgentNetwork } from './agent-network.ts'

/** The sign-in of each agent, made at first use together with its network session and its status watch. */
export function createAgentConnections(deps: {
  network: AgentNetwork
  vault: TokenVault
  statuses: AgentStatuses
  onSession: (id: string, signedIn: boolean) => void
}): { sessionOf: (agent: StoredAgent) => AgentSession; close: (id: string) => void } {
  const { network, vault, statuses, onSession } = deps
  const sessions = new Map<string, AgentSession>()

  function connect(agent: StoredAgent): AgentSession {
    const reach = network.reach(agent)
    const session = createAgentSession({
      agentId: agent.id,
      calls: createAuthCalls({ url: agent.url, fetch: reach.fetch }),
      vault,
      clock: systemClock,
      onChange: (signedIn) => onSession(agent.id, signedIn),
    })
    sessions.set(agent.id, session)
    const token = async () => (session.signedIn() ? ((await session.accessToken({}))?.token ?? null) : null)
    statuses.watch(agent.id, agent.url, { ...reach, token })
    return session
  }

  return {
    sessionOf: (agent) => sessions.get(agent.id) ?? connect(agent),
    close(id) {
      statuses.forget(id)
      sessions.delete(id)
    },
  }
}
