import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgentProbe } from '../../../shared/desktop-port.ts'
import { answerOf } from '@/app/connection/desktop.ts'
import { toastError } from '@/app/errors/toast-error.ts'
import { Button } from '@/ui/button.tsx'

/** Agents that answer on this computer and are not in the list: one click instead of an address. */
export function FoundAgents({ onChoose }: { onChoose: (probe: AgentProbe) => void }) {
  const { t } = useTranslation()
  const found = useFoundAgents()
  if (found.length === 0) return null
  return (
    <div className="grid gap-1.5">
      <h3 className="text-xs font-medium text-muted-foreground">{t('agents.foundHere')}</h3>
      <ul className="divide-y rounded-md border">
        {found.map((probe) => (
          <li key={probe.url} className="flex items-center gap-3 px-3 py-1.5 text-sm">
            <code className="min-w-0 flex-1 truncate">{probe.url}</code>
            <span className="hidden text-xs text-muted-foreground sm:inline">m3m {probe.version}</span>
            <Button
              size="sm"
              variant="outline"
              aria-label={t('agents.addFound', { url: probe.url })}
              onClick={() => onChoose(probe)}
            >
              {t('action.add')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Asked when the page opens and again when the list changes: what was added is not found any more. */
function useFoundAgents(): AgentProbe[] {
  const [found, setFound] = useState<AgentProbe[]>([])
  const [count, setCount] = useState<number | null>(null)
  useEffect(() => {
    const port = window.m3m
    return port?.on('agents', (agents) => setCount(agents.length))
  }, [])
  useEffect(() => {
    const port = window.m3m
    if (port) answerOf(port.agents.discover()).then(setFound, toastError)
  }, [count])
  return found
}
