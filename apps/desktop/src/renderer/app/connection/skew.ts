import { PROTOCOL_VERSION } from '@m3m/core/client'

/** The procedure without which a page of the frame is nothing; an agent that lacks it has that page greyed. */
export const PAGE_NEEDS = {
  overview: 'runs.state',
  pipeline: 'pipeline.branches',
  logs: 'runs.logs',
  data: 'models.list',
  storage: 'storage.list',
  goals: 'goals.list',
  environment: 'env.list',
  settings: 'projects.limits',
  projects: 'projects.list',
  globalGoals: 'goals.list',
  alerts: 'alerts.list',
  reference: 'runtime.reference',
  operators: 'users.list',
  audit: 'audit.list',
  agentLog: 'agent.logs',
  plugins: 'plugins.list',
  backups: 'agent.backup.list',
  agentSettings: 'agent.settings',
} as const

export type FramePage = keyof typeof PAGE_NEEDS

/**
 * `older`, `newer`: the agent, beside this panel. `updated`: the agent gave this page out and has been replaced by
 * another version since.
 */
export type Skew = 'older' | 'newer' | 'updated'

interface Facts {
  kind: 'browser' | 'desktop'
  /** What the agent said when this page was opened; null until it said anything. */
  first: { version: string } | null
  now: { version: string; protocol?: number | undefined } | null
  /** Some page of the frame cannot work. */
  lacksPage: boolean
}

/** How the agent and this panel differ; null when they do not. An agent that names no protocol is older. Pure. */
export function skewOf({ kind, first, now, lacksPage }: Facts, ours: number = PROTOCOL_VERSION): Skew | null {
  if (!now) return null
  const { protocol = 0 } = now
  if (kind === 'browser' && first && first.version !== now.version) return 'updated'
  if (protocol > ours) return kind === 'browser' ? 'updated' : 'newer'
  return protocol < ours || lacksPage ? 'older' : null
}
