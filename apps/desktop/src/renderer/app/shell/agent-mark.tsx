import { Link } from '@tanstack/react-router'
import { usePanel } from '../session/panel.tsx'
import { projectColor } from '@/ui/project-tile.tsx'
import { AgentSwitcher } from './agent-switcher.tsx'

/** In browsers the product's mark; in the desktop app the agent this page speaks with, and the way to the others. */
export function AgentMark() {
  const { connection } = usePanel()
  if (connection.agent) return <AgentSwitcher agent={connection.agent} />
  return (
    <Link to="/projects" aria-label="m3m" className="flex items-center gap-2 rounded-sm">
      <Mark />
      <span className="text-sm font-semibold tracking-tight text-foreground">m3m</span>
    </Link>
  )
}

export function Mark({ color = null }: { color?: string | null }) {
  return (
    <svg viewBox="0 0 32 32" className="size-5 shrink-0" aria-hidden>
      <rect width="32" height="32" rx="7" fill={color ? projectColor(color) : 'var(--foreground)'} />
      <path
        d="M7 22V11.5l5 6 4-6 4 6 5-6V22"
        fill="none"
        stroke="var(--background)"
        strokeWidth="2.6"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  )
}
