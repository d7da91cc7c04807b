import {
  closestCenter,
  DndContext,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
  type Announcements,
  type DragEndEvent,
  type Over,
} from '@dnd-kit/core'
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable'
import type { TFunction } from 'i18next'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgentEntry } from '../../../shared/desktop-port.ts'
import { answerOf } from '@/app/connection/desktop.ts'
import { useAgents } from '@/app/connection/use-agents.ts'
import { toastError } from '@/app/errors/toast-error.ts'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { AgentDialog } from './agent-dialog.tsx'
import { arrangementOf, linesOf, movedLine, type ListLine } from './agent-order.ts'
import { AgentRow, GroupRow, type Asking } from './agent-row.tsx'
import { RemoveAgentDialog } from './remove-agent-dialog.tsx'
import { ReviewCertificateDialog } from './review-certificate-dialog.tsx'

type Asked = { agent: AgentEntry; what: Asking } | null

/** Every agent with its colour, state and who is signed in, under its group; in the person's order. */
export function AgentList() {
  const { t } = useTranslation()
  const agents = useAgents()
  const [asked, setAsked] = useState<Asked>(null)
  const close = () => setAsked(null)
  if (!agents) return <Skeleton className="h-14" />
  if (agents.length === 0)
    return (
      <EmptyState title={t('agents.none')} className="py-0">
        {t('agents.noneHint')}
      </EmptyState>
    )
  // The state of the agent that a dialog is about goes on changing.
  const agent = asked && agents.find(({ id }) => id === asked.agent.id)
  return (
    <>
      <SortableAgents agents={agents} onAsk={(one, what) => setAsked({ agent: one, what })} />
      {agent && asked.what === 'edit' ? (
        <AgentDialog agent={agent} groups={groupsOf(agents)} onClose={close} />
      ) : null}
      {agent && asked.what === 'remove' ? <RemoveAgentDialog agent={agent} onClose={close} /> : null}
      {agent && asked.what === 'review' ? <ReviewCertificateDialog agent={agent} onClose={close} /> : null}
    </>
  )
}

interface SortableAgentsProps {
  agents: readonly AgentEntry[]
  onAsk: (agent: AgentEntry, what: Asking) => void
}

/** By pointer or by keyboard: Space takes an agent by its handle, arrows move it, Space lets it go. */
function SortableAgents({ agents, onAsk }: SortableAgentsProps) {
  const { t } = useTranslation()
  const [lines, setLines] = useState<readonly ListLine[]>(() => linesOf(agents))
  useEffect(() => setLines(linesOf(agents)), [agents])
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const drop = ({ active, over }: DragEndEvent) => {
    if (!over || over.id === active.id) return
    const next = movedLine(lines, String(active.id), String(over.id))
    // Shown at once; main's own list comes as an event, or the old one when it was refused.
    setLines(next)
    answerOf(window.m3m!.agents.arrange({ agents: arrangementOf(next) })).catch((error: unknown) => {
      setLines(linesOf(agents))
      toastError(error)
    })
  }
  const nameOf = (id: string) => {
    const line = lines.find((one) => one.id === id)
    return line?.kind === 'agent' ? line.agent.name : (line?.name ?? '')
  }
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={drop}
      accessibility={{
        announcements: announcements(t, nameOf),
        screenReaderInstructions: { draggable: t('agents.drag.help') },
      }}
    >
      <SortableContext items={lines.map(({ id }) => id)} strategy={verticalListSortingStrategy}>
        <ul aria-label={t('agents.title')} className="divide-y overflow-hidden rounded-md border">
          {lines.map((line) =>
            line.kind === 'group' ? (
              <GroupRow key={line.id} id={line.id} name={line.name} />
            ) : (
              <AgentRow key={line.id} agent={line.agent} onAsk={(what) => onAsk(line.agent, what)} />
            ),
          )}
        </ul>
      </SortableContext>
    </DndContext>
  )
}

/** What a screen reader says while an agent is moved; the library's own words name it by its id. */
function announcements(t: TFunction, nameOf: (id: string) => string): Announcements {
  const place = ({ over }: { over: Over | null }) => (over ? nameOf(String(over.id)) : '')
  return {
    onDragStart: ({ active }) => t('agents.drag.taken', { name: nameOf(String(active.id)) }),
    onDragOver: ({ active, over }) =>
      over && over.id !== active.id
        ? t('agents.drag.over', { name: nameOf(String(active.id)), place: place({ over }) })
        : undefined,
    onDragEnd: ({ active }) => t('agents.drag.dropped', { name: nameOf(String(active.id)) }),
    onDragCancel: ({ active }) => t('agents.drag.cancelled', { name: nameOf(String(active.id)) }),
  }
}

const groupsOf = (agents: readonly AgentEntry[]) => [
  ...new Set(agents.flatMap(({ group }) => (group === null ? [] : [group]))),
]
