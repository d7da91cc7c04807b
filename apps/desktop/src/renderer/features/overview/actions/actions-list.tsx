import { useQuery } from '@tanstack/react-query'
import { CheckIcon, CircleAlertIcon, LoaderCircleIcon, XIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { Section } from '@/ui/page.tsx'
import { projectColor } from '@/ui/project-tile.tsx'
import { ActionDialogView } from './action-dialog.tsx'
import type { OwnPress, PressEnd } from './press-state.ts'
import { usePresses } from './use-presses.ts'

type Action = Outputs['actions']['list'][number]

const REFRESH_MS = 5_000

/** Buttons the service has defined. A service without any shows nothing here. */
export function ActionsList() {
  const { t } = useTranslation()
  const project = useProject()
  const presses = usePresses(project.id)
  const actions = useQuery(
    useTRPC().actions.list.queryOptions({ projectId: project.id }, { refetchInterval: REFRESH_MS }),
  )
  const [open] = presses.dialogs
  const list = actions.data ?? []
  // A service that has just ended has no actions, but what it said last is still to be read.
  const orphans = presses.presses.filter(({ slug }) => !list.some((action) => action.slug === slug))
  return (
    <>
      {list.length + orphans.length > 0 ? (
        <Section title={t('actions.title')}>
          <ul className="divide-y">
            {list.map((action) => (
              <ActionRow
                key={action.slug}
                action={action}
                own={presses.presses.filter(({ slug }) => slug === action.slug)}
                onPress={() => void presses.press(action)}
                onDismiss={presses.dismiss}
              />
            ))}
            {orphans.map((press) => (
              <li key={press.key} className="px-3 py-2">
                <span className="text-sm text-muted-foreground">{press.slug}</span>
                <Result name={press.slug} press={press} onDismiss={presses.dismiss} />
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {open ? (
        <ActionDialogView
          key={`${open.pressId} ${open.id}`}
          open={open}
          onAnswer={(value) => presses.answer(open, value)}
        />
      ) : null}
    </>
  )
}

interface RowProps {
  action: Action
  own: readonly OwnPress[]
  onPress: () => void
  onDismiss: (key: number) => void
}

function ActionRow({ action, own, onPress, onDismiss }: RowProps) {
  const { t } = useTranslation()
  const mayPress = useMay('run')
  const [isAsking, setAsking] = useState(false)
  const isRunning = own.some(({ end }) => end === null)
  const isOpen = mayPress && action.state === 'enabled' && !isRunning
  const note = useNote(action, isRunning)
  return (
    <li className="grid gap-1.5 px-3 py-2">
      <div className="flex min-w-0 items-center gap-3">
        <Button
          variant="outline"
          size="sm"
          className="max-w-[60%] shrink-0"
          aria-disabled={!isOpen}
          title={mayPress ? undefined : t('actions.mayNot')}
          onClick={() => isOpen && (action.confirm ? setAsking(true) : onPress())}
        >
          {isRunning ? <LoaderCircleIcon className="animate-spin" /> : <Dot color={action.color} />}
          <span className="truncate">{action.name}</span>
        </Button>
        <span className="min-w-0 flex-1 truncate text-xs text-muted-foreground" title={action.description}>
          {action.description}
        </span>
        {note ? <span className="shrink-0 text-xs text-muted-foreground">{note}</span> : null}
      </div>
      {own.map((press) => (
        <Result key={press.key} name={action.name} press={press} onDismiss={onDismiss} />
      ))}
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t('actions.confirm', { name: action.name })}
        description={action.confirm}
        action={action.name}
        isDestructive={false}
        onConfirm={() => {
          setAsking(false)
          onPress()
        }}
      />
    </li>
  )
}

/** Why it cannot be pressed, or that others press it too. */
function useNote({ state, presses }: Action, isRunning: boolean): string | null {
  const { t } = useTranslation()
  if (isRunning) return t('actions.running')
  if (state === 'loading') return t('actions.busy')
  if (state === 'disabled') return t('actions.disabled')
  return presses > 0 ? t('actions.runningBy', { count: presses }) : null
}

function Dot({ color }: { color: Action['color'] }) {
  return (
    <span
      aria-hidden
      className="size-2 shrink-0 rounded-full"
      style={{ background: color ? projectColor(color) : 'var(--muted-foreground)' }}
    />
  )
}

/** What came of a press, until it is dismissed or the action is pressed again. */
function Result({
  name,
  press,
  onDismiss,
}: {
  name: string
  press: OwnPress
  onDismiss: (key: number) => void
}) {
  const { t } = useTranslation()
  const text = useResultText(press.end)
  if (!press.end) return null
  const isGood = press.end.kind === 'done'
  const Icon = isGood ? CheckIcon : CircleAlertIcon
  return (
    <div role={isGood ? 'status' : 'alert'} className="flex min-w-0 items-start gap-2 text-xs">
      <Icon
        aria-hidden
        className={cn('mt-0.5 size-3.5 shrink-0', isGood ? 'text-running' : 'text-destructive')}
      />
      <p
        className={cn(
          'max-h-40 min-w-0 flex-1 overflow-y-auto whitespace-pre-wrap wrap-anywhere',
          /^[[{]/.test(text) && 'font-mono',
        )}
      >
        {text}
      </p>
      <Button
        variant="ghost"
        size="icon-sm"
        className="-my-1"
        aria-label={t('actions.dismiss', { name })}
        onClick={() => onDismiss(press.key)}
      >
        <XIcon />
      </Button>
    </div>
  )
}

function useResultText(end: PressEnd | null): string {
  const { t } = useTranslation()
  if (!end) return ''
  if (end.kind === 'done') return end.text || t('actions.done')
  if (end.kind === 'lost') return t('actions.lost')
  return t(end.kind === 'failed' ? 'actions.failed' : 'actions.refused', { message: end.text })
}
