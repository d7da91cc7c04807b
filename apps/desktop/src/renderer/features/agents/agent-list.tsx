import { ArrowDownIcon, ArrowUpIcon, PencilIcon, Trash2Icon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgentEntry } from '../../../shared/desktop-port.ts'
import { answerOf } from '@/app/connection/desktop.ts'
import { useAgents } from '@/app/connection/use-agents.ts'
import { toastError } from '@/app/errors/toast-error.ts'
import { Mark } from '@/app/shell/mark.tsx'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { AgentDialog } from './agent-dialog.tsx'
import { RemoveAgentDialog } from './remove-agent-dialog.tsx'

type Asked = { agent: AgentEntry; what: 'edit' | 'remove' } | null

/** Every agent with its colour, state and who is signed in; in the person's order. */
export function AgentList() {
  const { t } = useTranslation()
  const agents = useAgents()
  const [asked, setAsked] = useState<Asked>(null)
  if (!agents) return <Skeleton className="h-14" />
  if (agents.length === 0) return <EmptyState title={t('agents.none')}>{t('agents.noneHint')}</EmptyState>
  const move = (at: number, by: 1 | -1) => {
    const ids = agents.map((agent) => agent.id)
    ids.splice(at + by, 0, ...ids.splice(at, 1))
    answerOf(window.m3m!.agents.reorder({ ids })).catch(toastError)
  }
  return (
    <>
      <ul aria-label={t('agents.title')} className="divide-y rounded-md border">
        {agents.map((agent, at) => (
          <AgentRow
            key={agent.id}
            agent={agent}
            onAsk={(what) => setAsked({ agent, what })}
            onUp={at > 0 ? () => move(at, -1) : undefined}
            onDown={at < agents.length - 1 ? () => move(at, 1) : undefined}
          />
        ))}
      </ul>
      {asked?.what === 'edit' ? <AgentDialog agent={asked.agent} onClose={() => setAsked(null)} /> : null}
      {asked?.what === 'remove' ? (
        <RemoveAgentDialog agent={asked.agent} onClose={() => setAsked(null)} />
      ) : null}
    </>
  )
}

interface AgentRowProps {
  agent: AgentEntry
  onAsk: (what: 'edit' | 'remove') => void
  onUp: (() => void) | undefined
  onDown: (() => void) | undefined
}

function AgentRow({ agent, onAsk, onUp, onDown }: AgentRowProps) {
  const { t } = useTranslation()
  const { name } = agent
  const open = () => answerOf(window.m3m!.agents.select({ id: agent.id })).catch(toastError)
  return (
    <li className="flex items-center gap-1 p-2">
      <button
        type="button"
        onClick={open}
        aria-label={t('agents.open', { name })}
        className="flex min-w-0 flex-1 items-center gap-3 rounded-md p-1 text-left hover:bg-accent"
      >
        <Mark color={agent.color} />
        <span className="flex min-w-0 flex-1 flex-col gap-x-3 sm:flex-row sm:items-center">
          <span className="grid min-w-0 flex-1">
            <span className="truncate text-sm font-medium">{name}</span>
            <span className="truncate font-mono text-xs text-muted-foreground">{agent.url}</span>
          </span>
          <span className="grid shrink-0 text-xs text-muted-foreground sm:justify-items-end">
            <AgentState agent={agent} />
            <span>
              {agent.signedIn ? t('agents.signedInAs', { email: agent.email ?? '' }) : t('agents.signedOut')}
            </span>
          </span>
        </span>
      </button>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={t('agents.moveUp', { name })}
        disabled={!onUp}
        onClick={onUp}
      >
        <ArrowUpIcon />
      </Button>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={t('agents.moveDown', { name })}
        disabled={!onDown}
        onClick={onDown}
      >
        <ArrowDownIcon />
      </Button>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={t('agents.edit', { name })}
        onClick={() => onAsk('edit')}
      >
        <PencilIcon />
      </Button>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={t('agents.remove', { name })}
        onClick={() => onAsk('remove')}
      >
        <Trash2Icon />
      </Button>
    </li>
  )
}

const DOT = {
  online: 'bg-running',
  offline: 'bg-stopped',
  untrusted: 'bg-crashed',
  unknown: 'bg-stopped/50',
} as const

/** A dot and a word, with the latency and version while it is online. */
function AgentState({ agent: { status } }: { agent: AgentEntry }) {
  const { t } = useTranslation()
  const facts = [
    t(`agents.state.${status.state}`),
    status.version === null ? null : `m3m ${status.version}`,
    status.latencyMs === null ? null : t('agents.latency', { ms: status.latencyMs }),
    status.services && t('agents.runningCount', { count: status.services.running }),
    status.services && status.services.crashed > 0
      ? t('agents.crashedCount', { count: status.services.crashed })
      : null,
  ]
  return (
    <span className="flex items-center gap-1.5 tabular">
      <span aria-hidden className={`size-2 rounded-full ${DOT[status.state]}`} />
      {facts.filter((fact) => fact !== null).join(' · ')}
    </span>
  )
}
