import type { PluginState } from '@m3m/core/client'
import { CircleCheckIcon, CircleXIcon, CpuIcon, HammerIcon, LoaderCircleIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Badge } from '@/ui/badge.tsx'

const STATES = {
  ready: { tint: '--state-running', icon: CircleCheckIcon },
  checking: { tint: '--state-moving', icon: LoaderCircleIcon },
  unbuilt: { tint: '--state-stopped', icon: HammerIcon },
  broken: { tint: '--state-crashed', icon: CircleXIcon },
} as const

/** Ready, Checking, Not built or Broken: word, icon and colour say the same. */
export function PluginStateBadge({ state }: { state: PluginState }) {
  const { t } = useTranslation()
  const { tint, icon: Icon } = STATES[state]
  return (
    <Badge tint={tint} data-state={state}>
      <Icon className={state === 'checking' ? 'animate-spin motion-reduce:animate-none' : ''} />
      {t(`plugins.state.${state}`)}
    </Badge>
  )
}

/** Marks a plugin whose projects have a process of their own. */
export function OwnProcessBadge() {
  const { t } = useTranslation()
  return (
    <Badge variant="muted" title={t('plugins.ownProcessHint')}>
      <CpuIcon /> {t('plugins.ownProcess')}
    </Badge>
  )
}
