import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DesktopContext, PortEvents } from '../../../shared/desktop-port.ts'
import { answerOf } from '@/app/connection/desktop.ts'
import { useAgents } from '@/app/connection/use-agents.ts'
import { toastError } from '@/app/errors/toast-error.ts'
import { LanguageSwitch } from '@/app/session/language-switch.tsx'
import { Mark } from '@/app/shell/mark.tsx'
import { AddAgentForm } from './add-agent-form.tsx'
import { AgentList } from './agent-list.tsx'
import { AppSection } from './app-section.tsx'
import { LocalAgent } from './local-agent.tsx'

/** Desktop only, the page that belongs to no agent: the agents this app knows, and adding another. */
export function AddAgentPage() {
  const { t } = useTranslation()
  const { context, asked, setAsked } = useContextAndLinks()
  const agents = useAgents()
  // The menu's "Add agent" names nothing: a form that is being filled in stays as it is.
  const link = asked?.url ? asked : null
  return (
    <div className="flex min-h-full flex-col items-center overflow-y-auto px-4 pt-[8vh] pb-8">
      <main className="grid w-full max-w-2xl gap-8">
        <header className="grid justify-items-center gap-3 text-center">
          <span className="[&_svg]:size-9">
            <Mark />
          </span>
          <h1 className="text-xl font-semibold tracking-tight">{t('agents.title')}</h1>
        </header>
        {context?.tokenStore === 'memory' ? (
          <p role="note" className="rounded-md border border-limited/40 bg-limited/8 px-3 py-2 text-sm">
            {t('agents.noKeychain')}
          </p>
        ) : null}
        <AgentList />
        {context && agents ? (
          <AddAgentForm
            key={JSON.stringify(link)}
            asked={asked}
            isFirst={agents.length === 0}
            onAdded={() => setAsked(null)}
          />
        ) : null}
        <LocalAgent />
        <AppSection />
        <footer className="flex justify-center text-xs text-muted-foreground">
          <LanguageSwitch />
        </footer>
      </main>
    </div>
  )
}

/** What the app knows of itself, and the last link (or menu entry) that asked to add an agent. */
function useContextAndLinks() {
  const [context, setContext] = useState<DesktopContext | null>(null)
  const [asked, setAsked] = useState<PortEvents['connect'] | null>(null)
  useEffect(() => {
    const port = window.m3m
    if (!port) return
    const end = port.on('connect', setAsked)
    answerOf(port.context()).then((answer) => {
      if (answer.pendingConnect) setAsked(answer.pendingConnect)
      return setContext(answer)
    }, toastError)
    return end
  }, [])
  return { context, asked, setAsked }
}
