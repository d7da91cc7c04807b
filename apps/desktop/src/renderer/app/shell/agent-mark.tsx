import { Link } from '@tanstack/react-router'
import { usePanel } from '../session/panel.tsx'
import { lazy, Suspense } from 'react'
import { Mark } from './mark.tsx'

const AgentSwitcher = lazy(() => import('./agent-switcher.tsx').then((m) => ({ default: m.AgentSwitcher })))

/** In browsers the product's mark; in the desktop app the agent this page speaks with, and the way to the others. */
export function AgentMark() {
  const { connection } = usePanel()
  if (connection.agent)
    return (
      <Suspense>
        <AgentSwitcher agent={connection.agent} />
      </Suspense>
    )
  return (
    <Link to="/projects" aria-label="m3m" className="flex items-center gap-2 rounded-sm">
      <Mark />
      <span className="text-sm font-semibold tracking-tight text-foreground">m3m</span>
    </Link>
  )
}
