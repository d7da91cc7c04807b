import { Link, useNavigate } from '@tanstack/react-router'
import { ScrollTextIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useLog } from '@/app/logs/use-log.ts'
import { useProject } from '@/app/project/project-context.ts'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { LogView } from '@/ui/log/log-view.tsx'
import { Section } from '@/ui/page.tsx'

/** The end of the latest run's log, live. */
export function LogTail({ hasRun }: { hasRun: boolean }) {
  const { t } = useTranslation()
  const project = useProject()
  const navigate = useNavigate()
  const log = useLog({ projectId: project.id, limit: 200 })
  const params = { slug: project.slug }
  return (
    <Section
      title={t('overview.log')}
      actions={
        <Button asChild variant="ghost" size="sm">
          <Link to="/projects/$slug/logs" params={params}>
            {t('overview.allLog')}
          </Link>
        </Button>
      }
      className="h-80 overflow-hidden bg-editor xl:h-108"
    >
      {log.error ? (
        <ErrorState error={log.error} onRetry={log.retry} className="m-3" />
      ) : log.buffer.lines.length === 0 && !log.isLoading ? (
        <EmptyState icon={<ScrollTextIcon />} title={t(hasRun ? 'log.empty' : 'log.noRun')}>
          {t(hasRun ? 'log.emptyHint' : 'log.noRunHint')}
        </EmptyState>
      ) : (
        <LogView
          className="h-full"
          wrap
          label={t('overview.log')}
          lines={log.buffer.lines}
          onTop={() => void log.loadOlder()}
          onOpenPlace={(place) => void navigate({ to: '/projects/$slug/pipeline', params, search: place })}
        />
      )}
    </Section>
  )
}
