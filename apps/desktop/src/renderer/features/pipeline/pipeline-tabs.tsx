import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { cn } from '@/ui/cn.ts'

/** Code and Releases: two addresses, drawn as one switch. */
export function PipelineTabs({ current, branch }: { current: 'code' | 'releases'; branch: string }) {
  const { t } = useTranslation()
  const params = { slug: useProject().slug }
  const tabClass = (isCurrent: boolean) =>
    cn(
      'flex h-6.5 items-center rounded-sm px-2 text-sm sm:px-2.5 text-muted-foreground hover:text-foreground',
      isCurrent && 'bg-background font-medium text-foreground shadow-xs dark:bg-accent',
    )
  return (
    <div role="tablist" aria-label={t('nav.pipeline')} className="flex shrink-0 rounded-md bg-muted p-0.5">
      <Link
        role="tab"
        aria-selected={current === 'code'}
        to="/projects/$slug/pipeline"
        params={params}
        search={{ branch }}
        className={tabClass(current === 'code')}
      >
        {t('pipeline.tab.code')}
      </Link>
      <Link
        role="tab"
        aria-selected={current === 'releases'}
        to="/projects/$slug/pipeline"
        params={params}
        search={{ tab: 'releases', branch }}
        className={tabClass(current === 'releases')}
      >
        {t('pipeline.tab.releases')}
      </Link>
    </div>
  )
}
