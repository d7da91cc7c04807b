import { ExternalLinkIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { CopyButton } from '@/ui/copy-button.tsx'
import { useProject } from './project-context.ts'
import { usePublicUrl } from './public-url.ts'

/** Where the service answers, to be copied or opened. `short`: only its path is shown. */
export function PublicAddress({ short = false, className }: { short?: boolean; className?: string }) {
  const { t } = useTranslation()
  const url = usePublicUrl(useProject().slug)
  return (
    <div className={cn('flex min-w-0 items-center gap-0.5 text-muted-foreground', className)}>
      <code className="truncate" title={url} data-testid="public-url">
        {short ? new URL(url).pathname : url}
      </code>
      <CopyButton value={url} label={t('overview.copyUrl')} />
      <Button asChild variant="ghost" size="icon-sm" title={t('overview.openUrl')}>
        <a href={url} target="_blank" rel="noreferrer" aria-label={t('overview.openUrl')}>
          <ExternalLinkIcon />
        </a>
      </Button>
    </div>
  )
}
