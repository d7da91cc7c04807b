import { PROTOCOL_VERSION } from '@m3m/core/client'
import { useTranslation } from 'react-i18next'
import type { AgentEntry } from '../../../shared/desktop-port.ts'

const DOT = {
  online: 'bg-running',
  offline: 'bg-stopped',
  untrusted: 'bg-crashed',
  unknown: 'bg-stopped/50',
} as const

/** A dot and a word, with the latency, the version and what its services do while it is online. */
export function AgentState({ agent: { status } }: { agent: AgentEntry }) {
  const { t } = useTranslation()
  const { state, version, protocol, latencyMs, services } = status
  // An agent that names no protocol is older than the first that did.
  const skew = (protocol ?? 0) - PROTOCOL_VERSION
  const facts = [
    t(`agents.state.${state}`),
    version === null ? null : `m3m ${version}`,
    version === null || skew === 0 ? null : t(skew < 0 ? 'agents.olderThanApp' : 'agents.newerThanApp'),
    latencyMs === null ? null : t('agents.latency', { ms: latencyMs }),
    services && t('agents.runningCount', { count: services.running }),
  ]
  return (
    <span className="flex items-baseline gap-x-1.5 tabular sm:justify-end">
      <span aria-hidden className={`size-2 shrink-0 rounded-full ${DOT[state]}`} />
      <span>
        {facts.filter((fact) => fact !== null).join(' · ')}
        {services && services.crashed > 0 ? (
          <span className="font-medium text-crashed">
            {' · '}
            {t('agents.crashedCount', { count: services.crashed })}
          </span>
        ) : null}
      </span>
    </span>
  )
}
