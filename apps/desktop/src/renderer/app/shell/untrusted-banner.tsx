import { ShieldAlertIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { answerOf } from '../connection/desktop.ts'
import { useOwnAgent } from '../connection/use-own-agent.ts'
import { toastError } from '../errors/toast-error.ts'

/** Desktop only: the agent showed another certificate than the pinned one. Where that is decided is the list of agents. */
export function UntrustedBanner() {
  const { t } = useTranslation()
  const agent = useOwnAgent()
  if (agent?.status.state !== 'untrusted') return null
  const toList = () => void answerOf(window.m3m!.agents.select({ id: null })).catch(toastError)
  return (
    <div
      role="alert"
      className="flex shrink-0 items-center gap-2 border-b border-crashed/30 bg-[color-mix(in_oklab,var(--state-crashed)_10%,var(--background))] px-4 py-1.5 text-sm"
    >
      <ShieldAlertIcon className="size-4 shrink-0 text-crashed" />
      <span className="min-w-0 flex-1 font-medium">{t('agents.changed.blocked')}</span>
      <Button size="sm" variant="outline" onClick={toList}>
        {t('agents.changed.toList')}
      </Button>
    </div>
  )
}
