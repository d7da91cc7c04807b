import { ArrowUpCircleIcon, XIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { useSkew } from '../connection/use-skew.ts'

/** Says that panel and agent are of two versions, and which of the two to update. Put away, it stays so until either changes. */
export function SkewBanner() {
  const { t } = useTranslation()
  const { skew, version } = useSkew()
  const [away, setAway] = useState<string | null>(null)
  const which = `${skew} ${version}`
  if (skew === null || away === which) return null
  return (
    <div
      role="status"
      className="flex shrink-0 items-center gap-2 border-b bg-muted/60 px-4 py-1.5 text-sm"
      data-testid="skew"
    >
      <ArrowUpCircleIcon className="size-4 shrink-0 text-muted-foreground" />
      <span className="min-w-0 flex-1">{t(`skew.${skew}`, { version })}</span>
      {skew === 'updated' ? (
        <Button size="sm" variant="outline" onClick={() => location.reload()}>
          {t('skew.reload')}
        </Button>
      ) : null}
      <Button variant="ghost" size="icon-sm" aria-label={t('action.close')} onClick={() => setAway(which)}>
        <XIcon />
      </Button>
    </div>
  )
}
