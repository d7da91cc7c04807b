import { ScrollTextIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import type { LiveLog } from '@/app/logs/use-log.ts'
import { EmptyState } from '@/ui/empty-state.tsx'
import type { LogLevelName } from '@/ui/log/log-buffer.ts'
import { LogView, type SourcePlace } from '@/ui/log/log-view.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { useStoredState } from '@/ui/use-stored-state.ts'
import { LogToolbar, type LogSearch, type SearchChange } from './log-toolbar.tsx'
import { useFind } from './use-find.ts'

interface LogViewerProps {
  /** What the page is called. */
  title: string
  log: LiveLog
  search: LogSearch
  onSearch: (change: SearchChange) => void
  /** Path of the whole log below the agent's address, and the name of the file without its ending. */
  download: { path: string; name: string } | null
  /** Before the levels: which log it is, where there are several. */
  choice?: ReactNode
  onOpenPlace?: (place: SourcePlace) => void
}

/** A whole log: live, by level, searched. */
export function LogViewer(props: LogViewerProps) {
  const { title, log, search, onSearch, onOpenPlace } = props
  const { t } = useTranslation()
  const [wrap, setWrap] = useStoredState<boolean>('logs.wrap', false)
  const { lines, dropped, runId } = log.buffer
  const find = useFind(lines, search.q ?? '')
  return (
    <div className="flex h-full min-h-0 flex-col">
      <h1 className="sr-only">{title}</h1>
      <LogToolbar
        {...props}
        onSearch={onSearch}
        buffer={log.buffer}
        find={find}
        wrap={wrap}
        onWrap={setWrap}
      />
      {dropped > 0 ? (
        <p role="status" className="shrink-0 border-b bg-limited/8 px-3 py-1 text-xs text-limited">
          {t('log.dropped', { count: dropped })}
        </p>
      ) : null}
      {log.error ? <ErrorState error={log.error} onRetry={log.retry} className="m-4" /> : null}
      {log.isLoading ? <SkeletonRows rows={12} className="divide-y-0" /> : null}
      {!log.isLoading && !log.error && lines.length === 0 ? (
        <NoLines level={search.level} hasRun={runId !== null} />
      ) : null}
      {lines.length > 0 ? (
        <LogView
          key={`${runId}`}
          className="flex-1 bg-editor"
          label={title}
          lines={lines}
          wrap={wrap}
          search={search.q ?? ''}
          target={find.target}
          onTop={() => void log.loadOlder()}
          {...(onOpenPlace && { onOpenPlace })}
        />
      ) : null}
    </div>
  )
}

function NoLines({ level, hasRun }: { level: LogLevelName | undefined; hasRun: boolean }) {
  const { t } = useTranslation()
  if (level && hasRun)
    return (
      <EmptyState icon={<ScrollTextIcon />} title={t('log.noneAtLevel')}>
        {t('log.noneAtLevelHint')}
      </EmptyState>
    )
  return (
    <EmptyState icon={<ScrollTextIcon />} title={t(hasRun ? 'log.empty' : 'log.noRun')}>
      {t(hasRun ? 'log.emptyHint' : 'log.noRunHint')}
    </EmptyState>
  )
}
