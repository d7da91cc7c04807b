import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useAgentLogSource } from '@/app/logs/log-source.ts'
import { useLogOf } from '@/app/logs/use-log.ts'
import { LogViewer } from './log-viewer.tsx'
import { withoutEmpty } from './without-empty.ts'

/** The agent's own log, for root: starts and ends of processes, what could not be done and why. */
export function AgentLogPage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/agent-log' })
  const navigate = useNavigate({ from: '/agent-log' })
  const log = useLogOf(useAgentLogSource(), { level: search.level, limit: 1_000 })
  const set = (change: { [K in keyof typeof search]?: (typeof search)[K] | undefined }) =>
    void navigate({ search: (now) => withoutEmpty({ ...now, ...change }), replace: true })
  return (
    <LogViewer
      title={t('nav.agentLog')}
      log={log}
      search={search}
      onSearch={set}
      download={{ path: '/files/logs/agent', name: 'm3m-agent' }}
    />
  )
}
