import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { CopyButton } from '@/ui/copy-button.tsx'
import { Dialog, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'

/** The key itself, the one time that it is shown. */
export function KeyMade({ token, onClose }: { token: string; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <DialogHeader title={t('settings.newKey')} description={t('settings.keyShownOnce')} />
        <div className="flex min-w-0 items-center gap-1 rounded-md border bg-muted/50 py-1 pr-1 pl-2.5">
          <code className="min-w-0 flex-1 break-all" data-testid="api-key">
            {token}
          </code>
          <CopyButton value={token} label={t('settings.copyKey')} />
        </div>
        <DialogFooter>
          <Button onClick={onClose}>{t('action.close')}</Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}
