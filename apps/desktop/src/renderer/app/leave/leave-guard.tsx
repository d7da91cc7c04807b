import { useBlocker } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'

/**
 * Asks before a form with unsaved changes is left, by a link of the panel or with the whole page. The editor of
 * code needs none: it keeps drafts.
 */
export function LeaveGuard({ isChanged }: { isChanged: boolean }) {
  const { t } = useTranslation()
  const blocker = useBlocker({
    shouldBlockFn: () => isChanged,
    enableBeforeUnload: () => isChanged,
    withResolver: true,
  })
  if (blocker.status !== 'blocked') return null
  return (
    <ConfirmDialog
      open
      onOpenChange={blocker.reset}
      title={t('leave.title')}
      description={t('leave.hint')}
      action={t('leave.action')}
      onConfirm={blocker.proceed}
    />
  )
}
