import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgentEntry } from '../../../shared/desktop-port.ts'
import { answerOf } from '@/app/connection/desktop.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { Button } from '@/ui/button.tsx'
import { COLORS, type Color } from '@/ui/colors.ts'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { AgentColorField, AgentNameField } from './agent-fields.tsx'
import { useTask } from './use-task.ts'

interface AgentDialogProps {
  agent: AgentEntry
  /** Those that are there, to choose from; any other name makes a new one. */
  groups: readonly string[]
  onClose: () => void
}

/** How an agent is called and coloured on this computer, and among which others it stands. */
export function AgentDialog({ agent, groups, onClose }: AgentDialogProps) {
  const { t } = useTranslation()
  const [name, setName] = useState(agent.name)
  const [color, setColor] = useState<Color | null>(COLORS.find((one) => one === agent.color) ?? null)
  const [group, setGroup] = useState(agent.group ?? '')
  const save = useTask(async () => {
    await answerOf(
      window.m3m!.agents.update({ id: agent.id, name: name.trim(), color, group: group.trim() || null }),
    )
    onClose()
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.start()
  }
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <DialogHeader title={t('agents.editTitle')} description={agent.url} />
        <form onSubmit={submit} className="grid gap-4">
          <AgentNameField value={name} onValue={setName} />
          <Field label={t('agents.field.group')} hint={t('agents.groupHint')}>
            <Input
              value={group}
              onChange={(event) => setGroup(event.target.value)}
              maxLength={60}
              list="agent-groups"
              autoComplete="off"
            />
          </Field>
          <datalist id="agent-groups">
            {groups.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <AgentColorField value={color} onValue={setColor} />
          {save.error ? <ErrorState error={save.error} /> : null}
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline">{t('action.cancel')}</Button>
            </DialogClose>
            <Button type="submit" disabled={!name.trim() || save.isPending}>
              {t('agents.save')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}
