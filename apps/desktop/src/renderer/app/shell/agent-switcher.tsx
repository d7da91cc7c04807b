import type { TFunction } from 'i18next'
import { AppWindowIcon, CheckIcon, ChevronsUpDownIcon, ListIcon, PlusIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AgentEntry } from '../../../shared/desktop-port.ts'
import { Menu, MenuContent, MenuItem, MenuLabel, MenuSeparator, MenuTrigger } from '@/ui/menu.tsx'
import type { Connection } from '../connection/connection.ts'
import { answerOf } from '../connection/desktop.ts'
import { useAgents } from '../connection/use-agents.ts'
import { toastError } from '../errors/toast-error.ts'
import { Mark } from './mark.tsx'

/** Desktop only: the agents this app knows, with colour, state and latency. Another agent is another page. */
export function AgentSwitcher({ agent }: { agent: NonNullable<Connection['agent']> }) {
  const { t } = useTranslation()
  const agents = useAgents() ?? []
  const select = (id: string | null, options?: { add: true }) =>
    void answerOf(window.m3m!.agents.select({ id, ...options })).catch(toastError)
  const openWindow = () => void answerOf(window.m3m!.windows.open({ id: agent.id })).catch(toastError)
  return (
    <Menu>
      <MenuTrigger
        aria-label={t('agents.switch', { name: agent.name })}
        className="flex min-w-0 items-center gap-2 rounded-md py-1 pr-1 hover:text-foreground"
      >
        <Mark color={agent.color} />
        <span className="truncate text-sm font-semibold text-foreground">{agent.name}</span>
        <ChevronsUpDownIcon className="size-3.5 shrink-0 text-muted-foreground" />
      </MenuTrigger>
      <MenuContent align="start" className="w-64">
        <MenuLabel>{t('agents.title')}</MenuLabel>
        {agents.map((entry) => (
          <MenuItem
            key={entry.id}
            aria-current={entry.id === agent.id ? 'page' : undefined}
            onSelect={() => select(entry.id)}
          >
            <Mark color={entry.color} />
            <span className="truncate">{entry.name}</span>
            {entry.id === agent.id ? <CheckIcon className="size-3.5" /> : null}
            <span className="ml-auto text-xs text-muted-foreground tabular">{statusText(entry, t)}</span>
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem onSelect={openWindow}>
          <AppWindowIcon /> {t('agents.openWindow')}
        </MenuItem>
        <MenuItem onSelect={() => select(null)}>
          <ListIcon /> {t('agents.all')}
        </MenuItem>
        <MenuItem onSelect={() => select(null, { add: true })}>
          <PlusIcon /> {t('agents.add')}
        </MenuItem>
      </MenuContent>
    </Menu>
  )
}

function statusText({ status }: AgentEntry, t: TFunction): string {
  if (status.state === 'online') return status.latencyMs === null ? '' : `${Math.round(status.latencyMs)} ms`
  return t(`agents.state.${status.state}`)
}
