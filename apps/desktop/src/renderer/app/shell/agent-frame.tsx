import { projectColor } from '@/ui/project-tile.tsx'
import { useOwnAgent } from '../connection/use-own-agent.ts'

/** Desktop only: a frame around the page in its agent's colour, so that one server is not taken for another. */
export function AgentFrame() {
  const color = useOwnAgent()?.color
  if (!color) return null
  return (
    <div
      aria-hidden
      data-testid="agent-frame"
      className="pointer-events-none fixed inset-0 z-60 border-2"
      style={{ borderColor: projectColor(color) }}
    />
  )
}
