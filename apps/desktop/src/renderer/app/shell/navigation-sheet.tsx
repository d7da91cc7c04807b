import { useTranslation } from 'react-i18next'
import { Sheet, SheetContent } from '@/ui/sheet.tsx'
import { Sidebar } from './sidebar.tsx'

/** The sidebar where there is no room for it. */
export function NavigationSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Sheet open onOpenChange={onClose}>
      <SheetContent side="left" title={t('shell.navigation')} hideTitle>
        <Sidebar isFolded={false} />
      </SheetContent>
    </Sheet>
  )
}
