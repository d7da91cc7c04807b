import { useSortable } from '@dnd-kit/sortable'
import { CSS } from '@dnd-kit/utilities'
import {
  AppWindowIcon,
  EllipsisIcon,
  GripVerticalIcon,
  LogOutIcon,
  PencilIcon,
  ShieldAlertIcon,
  Trash2Icon,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AgentEntry } from '../../../shared/desktop-port.ts'
import { answerOf } from '@/app/connection/desktop.ts'
import { toastError } from '@/app/errors/toast-error.ts'
import { Mark } from '@/app/shell/mark.tsx'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@/ui/menu.tsx'
import { AgentState } from './agent-state.tsx'

/** What a row asks its page to open. */
export type Asking = 'edit' | 'remove' | 'review'

interface AgentRowProps {
  agent: AgentEntry
  onAsk: (what: Asking) => void
}

export function AgentRow({ agent, onAsk }: AgentRowProps) {
  const { t } = useTranslation()
  const { id, name } = agent
  const sortable = useSortable({ id })
  const open = () => answerOf(window.m3m!.agents.select({ id })).catch(toastError)
  return (
    <li
      ref={sortable.setNodeRef}
      style={{ transform: CSS.Translate.toString(sortable.transform), transition: sortable.transition }}
      className={cn(
        'group flex items-center gap-1 bg-background py-1.5 pr-2 pl-1',
        sortable.isDragging && 'relative z-10 border-y shadow-sm',
      )}
    >
      <button
        type="button"
        ref={sortable.setActivatorNodeRef}
        {...sortable.attributes}
        {...sortable.listeners}
        aria-label={t('agents.move', { name })}
        className="grid h-8 w-5 shrink-0 cursor-grab touch-none place-items-center rounded-sm text-muted-foreground/60 hover:text-foreground"
      >
        <GripVerticalIcon className="size-4" />
      </button>
      <button
        type="button"
        onClick={() => void open()}
        aria-label={t('agents.open', { name })}
        className="flex min-w-0 flex-1 items-center gap-3 rounded-md px-2 py-1.5 text-left hover:bg-accent"
      >
        <Mark color={agent.color} />
        <span className="flex min-w-0 flex-1 flex-col gap-x-4 gap-y-0.5 sm:flex-row sm:items-center">
          <span className="grid min-w-0 flex-1">
            <span className="truncate text-sm font-medium">{name}</span>
            <span className="truncate font-mono text-xs text-muted-foreground">{agent.url}</span>
          </span>
          <span className="grid min-w-0 text-xs text-muted-foreground sm:justify-items-end">
            <AgentState agent={agent} />
            <span className="max-w-full truncate">
              {agent.signedIn ? t('agents.signedInAs', { email: agent.email ?? '' }) : t('agents.signedOut')}
            </span>
          </span>
        </span>
      </button>
      {agent.status.state === 'untrusted' ? (
        <Button variant="danger" size="sm" onClick={() => onAsk('review')}>
          <ShieldAlertIcon /> <span className="max-sm:sr-only">{t('agents.review')}</span>
        </Button>
      ) : null}
      <RowMenu agent={agent} onAsk={onAsk} />
    </li>
  )
}

function RowMenu({ agent: { id, name, signedIn }, onAsk }: AgentRowProps) {
  const { t } = useTranslation()
  const signOut = () => void answerOf(window.m3m!.agents.signOut({ id })).catch(toastError)
  const openWindow = () => void answerOf(window.m3m!.windows.open({ id })).catch(toastError)
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button variant="ghost" size="icon-sm" aria-label={t('agents.actions', { name })}>
          <EllipsisIcon />
        </Button>
      </MenuTrigger>
      <MenuContent align="end">
        <MenuItem onSelect={openWindow}>
          <AppWindowIcon /> {t('agents.openWindow')}
        </MenuItem>
        <MenuItem onSelect={() => onAsk('edit')}>
          <PencilIcon /> {t('agents.edit')}
        </MenuItem>
        <MenuSeparator />
        {signedIn ? (
          <MenuItem onSelect={signOut}>
            <LogOutIcon /> {t('operator.signOut')}
          </MenuItem>
        ) : null}
        <MenuItem onSelect={() => onAsk('remove')}>
          <Trash2Icon /> {t('agents.removeFromList')}
        </MenuItem>
      </MenuContent>
    </Menu>
  )
}

/** A heading; agents are dragged past it, it stays with its members. */
export function GroupRow({ id, name }: { id: string; name: string }) {
  const { setNodeRef, transform, transition } = useSortable({ id, disabled: { draggable: true } })
  return (
    <li
      ref={setNodeRef}
      style={{ transform: CSS.Translate.toString(transform), transition }}
      className="bg-muted/50 px-3 py-1.5"
    >
      <h3 className="text-xs font-medium text-muted-foreground">{name}</h3>
    </li>
  )
}
