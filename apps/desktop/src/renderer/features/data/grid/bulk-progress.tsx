import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import type { BulkWork } from './bulk-work.ts'

/** How far work on many records is, and the way to stop it. Nothing while nothing is done. */
export function BulkProgress({ work: { progress, stop } }: { work: BulkWork }) {
  const { t } = useTranslation()
  if (!progress) return null
  return (
    <div className="flex items-center gap-3">
      <progress
        value={progress.done}
        max={progress.of}
        aria-label={t('grid.progress')}
        className="h-1.5 flex-1 overflow-hidden rounded-full bg-muted [&::-moz-progress-bar]:bg-foreground [&::-webkit-progress-bar]:bg-muted [&::-webkit-progress-value]:bg-foreground"
      />
      <span className="text-xs text-muted-foreground tabular" role="status">
        {t('grid.progressOf', progress)}
      </span>
      <Button variant="outline" size="sm" onClick={stop}>
        {t('grid.stop')}
      </Button>
    </div>
  )
}
