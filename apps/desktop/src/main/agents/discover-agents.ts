import type { AgentProbe } from '../../shared/desktop-port.ts'
import { isPlainHttpOffMachine, type ProbeAgent } from './agent-probe.ts'

/**
 * The agent's default port and those a person takes for a second and a third one: services answer on the next port,
 * so agents stand two apart (apps/agent, config.schema.ts).
 */
const PORTS = [3000, 3002, 3004, 3006, 3008, 3010] as const
/** Nothing is far away on this computer: what needs longer is no agent. */
const TIMEOUT_MS = 1_000

/**
 * Agents that answer on loopback and are not in the list. Nothing is stored and no credential is sent; each is added
 * by the person as any other.
 *
 * @param known addresses in the list; `localhost` and `127.0.0.1` are one computer
 */
export async function discoverAgents(options: {
  probe: ProbeAgent
  known: readonly string[]
  ports?: readonly number[]
}): Promise<AgentProbe[]> {
  const { probe, known, ports = PORTS } = options
  const knownPorts = new Set(known.filter(isOnThisComputer).map(portOf))
  const asked = ports
    .filter((port) => !knownPorts.has(port))
    .flatMap((port) => [`http://127.0.0.1:${port}`, `https://127.0.0.1:${port}`])
  const answers = await Promise.allSettled(asked.map((url) => probe(url, TIMEOUT_MS)))
  // Any server may answer /health; only an agent also says its version.
  return answers.flatMap((answer) =>
    answer.status === 'fulfilled' && answer.value.version !== null
      ? [{ ...answer.value, knownAs: null }]
      : [],
  )
}

const isOnThisComputer = (url: string) => !isPlainHttpOffMachine(url.replace(/^https/, 'http'))

function portOf(url: string): number {
  const { port, protocol } = new URL(url)
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}
