import { useMutation, useQueryClient } from '@tanstack/react-query'
import { EllipsisIcon, PencilIcon, RotateCcwIcon, Trash2Icon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { formatNumber } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@/ui/menu.tsx'
import { toast } from '@/ui/toaster.tsx'
import { GoalDialog } from './goal-dialog.tsx'
import type { Goal } from '@/app/goals/use-goals.ts'

interface GoalActionsProps {
  goal: Goal
  /** The line that counts, which fails once the goal is gone. */
  code: string
  usable: readonly Goal[]
}

/** Edit, reset and delete one goal. For those who may. */
export function GoalActions({ goal, code, usable }: GoalActionsProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<'edit' | 'reset' | 'remove' | null>(null)
  const close = () => setOpen(null)
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button variant="ghost" size="icon" aria-label={t('goals.menu', { name: goal.name })}>
            <EllipsisIcon />
          </Button>
        </MenuTrigger>
        <MenuContent align="end">
          <MenuItem onSelect={() => setOpen('edit')}>
            <PencilIcon /> {t('action.edit')}
          </MenuItem>
          <MenuItem onSelect={() => setOpen('reset')}>
            <RotateCcwIcon /> {t('goals.resetMenu')}
          </MenuItem>
          <MenuSeparator />
          <MenuItem variant="destructive" onSelect={() => setOpen('remove')}>
            <Trash2Icon /> {t('goals.removeMenu')}
          </MenuItem>
        </MenuContent>
      </Menu>
      {open === 'edit' ? (
        <GoalDialog goal={goal} isGlobal={goal.projectId === null} usable={usable} onClose={close} />
      ) : null}
      {open === 'reset' ? <ResetDialog goal={goal} onClose={close} /> : null}
      {open === 'remove' ? <RemoveDialog goal={goal} code={code} onClose={close} /> : null}
    </>
  )
}

interface DialogProps {
  goal: Goal
  onClose: () => void
}

function ResetDialog({ goal, onClose }: DialogProps) {
  const { t, i18n } = useTranslation()
  const trpc = useTRPC()
  const onSuccess = useDone(t('goals.resetDone', { name: goal.name }), onClose)
  const reset = useMutation(trpc.goals.reset.mutationOptions({ meta: { showsError: true }, onSuccess }))
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('goals.resetTitle', { name: goal.name })}
      description={t(goal.type === 'daily' ? 'goals.resetHintDaily' : 'goals.resetHint', {
        value: formatNumber(goal.value, i18n.language),
      })}
      action={t('goals.reset')}
      typeToConfirm={goal.name}
      isPending={reset.isPending}
      onConfirm={() => reset.mutate({ goalId: goal.id })}
    >
      {reset.error ? <ErrorState error={reset.error} /> : null}
    </ConfirmDialog>
  )
}

function RemoveDialog({ goal, code, onClose }: DialogProps & { code: string }) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const onSuccess = useDone(t('goals.removed', { name: goal.name }), onClose)
  const remove = useMutation(trpc.goals.remove.mutationOptions({ meta: { showsError: true }, onSuccess }))
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('goals.removeTitle', { name: goal.name })}
      description={t('goals.removeHint', { code })}
      action={t('goals.remove')}
      typeToConfirm={goal.name}
      isPending={remove.isPending}
      onConfirm={() => remove.mutate({ goalId: goal.id })}
    >
      {remove.error ? <ErrorState error={remove.error} /> : null}
    </ConfirmDialog>
  )
}

function useDone(text: string, onClose: () => void) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return async () => {
    onClose()
    toast.success(text)
    await queryClient.invalidateQueries({ queryKey: trpc.goals.pathKey() })
  }
}
