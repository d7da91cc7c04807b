import { usePanel } from '../session/panel.tsx'
import { useAgents } from './use-agents.ts'
import type { AgentEntry } from '../../../shared/desktop-port.ts'

/** Desktop only: this page's agent as the app's list has it; null in browsers and until it is read. */
export function useOwnAgent(): AgentEntry | null {
  const { connection } = usePanel()
  return useAgents()?.find(({ id }) => id === connection.agent?.id) ?? null
}
