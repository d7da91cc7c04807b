import { useTranslation } from 'react-i18next'
import type { AgentEntry } from '../../../shared/desktop-port.ts'
import { answerOf } from '@/app/connection/desktop.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { useTask } from './use-task.ts'

/** Forgetting an agent takes nothing from the agent itself, and says so. */
export function RemoveAgentDialog({ agent, onClose }: { agent: AgentEntry; onClose: () => void }) {
  const { t } = useTranslation()
  const remove = useTask(async () => {
    await answerOf(window.m3m!.agents.remove({ id: agent.id }))
    onClose()
  })
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('agents.removeTitle')}
      description={t('agents.removeHint', { name: agent.name })}
      action={t('agents.remove', { name: agent.name })}
      isPending={remove.isPending}
      onConfirm={remove.start}
    >
      {remove.error ? <ErrorState error={remove.error} /> : null}
    </ConfirmDialog>
  )
}
