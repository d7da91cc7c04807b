import { useTranslation } from 'react-i18next'
import { Dialog, DialogContent, DialogHeader } from '@/ui/dialog.tsx'
import { Kbd } from '@/ui/kbd.tsx'

const SHORTCUTS = {
  panel: { search: 'Mod+K', sidebar: 'Mod+B', shortcuts: '?' },
  pipeline: { save: 'Mod+S', run: 'Mod+Enter', stop: 'Mod+.', panel: 'Mod+J', nextProblem: 'F8' },
} as const

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <DialogHeader title={t('shortcuts.title')} />
        {(['panel', 'pipeline'] as const).map((group) => (
          <section key={group}>
            <h3 className="mb-1 text-xs font-medium text-muted-foreground">
              {t(`shortcuts.${group}.title`)}
            </h3>
            <dl className="divide-y rounded-md border">
              {Object.entries(SHORTCUTS[group]).map(([name, keys]) => (
                <div key={name} className="flex h-8.5 items-center justify-between px-3">
                  <dt>{t(`shortcuts.${group}.${name}` as 'shortcuts.panel.search')}</dt>
                  <dd>
                    <Kbd keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </DialogContent>
    </Dialog>
  )
}
