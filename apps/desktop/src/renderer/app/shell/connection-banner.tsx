import { UnplugIcon } from 'lucide-react'
import { Button } from '@/ui/button.tsx'
import { useTranslation } from 'react-i18next'
import { useOwnAgent } from '../connection/use-own-agent.ts'
import { useReach } from '../connection/reach.ts'
import { usePanel } from '../session/panel.tsx'

/** Slides in when the agent is away; nothing that was typed is lost, and it goes by itself. */
export function ConnectionBanner() {
  const { t } = useTranslation()
  const { reach } = usePanel()
  const state = useReach(reach)
  // An agent that is not trusted is not asked: that has a banner of its own.
  const isBlocked = useOwnAgent()?.status.state === 'untrusted'
  return (
    <div role="status" aria-live="polite">
      {state === 'offline' && !isBlocked ? (
        <div className="flex animate-in items-center gap-2 border-b border-limited/30 bg-[color-mix(in_oklab,var(--state-limited)_10%,var(--background))] px-4 py-1.5 text-sm duration-150 slide-in-from-top-2">
          <UnplugIcon className="size-4 shrink-0 text-limited" />
          <span className="font-medium">{t('connection.lost')}</span>
          <span className="hidden min-w-0 flex-1 text-muted-foreground sm:inline">
            {t('connection.lostHint')}
          </span>
          <Button size="sm" variant="outline" className="ml-auto" onClick={reach.askNow}>
            {t('connection.askNow')}
          </Button>
        </div>
      ) : null}
    </div>
  )
}
