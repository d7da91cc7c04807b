import { ScrollTextIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { PublicAddress } from '@/app/project/public-address.tsx'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Kbd } from '@/ui/kbd.tsx'
import { LogView } from '@/ui/log/log-view.tsx'
import { SourceBadge, StateBadge } from '@/ui/run-badges.tsx'
import type { Place } from './editor-mark.ts'
import type { EditorSession } from './use-editor-session.ts'

/** The latest run's log, live, beside the code; why a start was refused stands above it. */
export function LogPanel({ session }: { session: EditorSession }) {
  const { t } = useTranslation()
  const { log, run, actions } = session
  const observed = run?.observed
  const openPlace = ({ file, line, column }: Place) => session.openFile(file, { line, column })
  const hasLines = log.buffer.lines.length > 0
  return (
    <>
      {observed?.runId ? (
        <div className="flex h-8 shrink-0 items-center gap-2 border-b bg-background px-3">
          <StateBadge state={observed.state} className="h-5 shrink-0" />
          <SourceBadge
            source={observed.source}
            branch={observed.branch}
            tag={observed.tag}
            className="h-5 shrink-0"
          />
          {observed.state === 'running' ? <PublicAddress short className="ml-auto text-xs" /> : null}
        </div>
      ) : null}
      {actions.error ? (
        <ErrorState error={actions.error} onOpenPlace={openPlace} className="m-2 shrink-0" />
      ) : null}
      {!actions.error && observed?.reason && observed.state === 'crashed' ? (
        <ErrorState error={{ app: observed.reason }} onOpenPlace={openPlace} className="m-2 shrink-0" />
      ) : null}
      {log.error ? <ErrorState error={log.error} onRetry={log.retry} className="m-2" /> : null}
      {hasLines ? (
        <LogView
          wrap
          className="flex-1"
          label={t('pipeline.logLabel')}
          lines={log.buffer.lines}
          onTop={() => void log.loadOlder()}
          onOpenPlace={openPlace}
        />
      ) : !log.isLoading && !log.error && !actions.error ? (
        <EmptyState icon={<ScrollTextIcon />} title={t(observed?.runId ? 'log.empty' : 'log.noRun')}>
          {observed?.runId ? (
            t('log.emptyHint')
          ) : (
            <>
              {t('pipeline.logHint')} <Kbd keys="Mod+Enter" />
            </>
          )}
        </EmptyState>
      ) : null}
    </>
  )
}
