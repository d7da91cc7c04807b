import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ScrollTextIcon } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useLog } from '@/app/logs/use-log.ts'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { EmptyState } from '@/ui/empty-state.tsx'
import { findMatches } from '@/ui/log/log-buffer.ts'
import { LogView } from '@/ui/log/log-view.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { useShortcut } from '@/ui/use-shortcut.ts'
import { useStoredState } from '@/ui/use-stored-state.ts'
import { LogToolbar } from './log-toolbar.tsx'

/** One run's log, whole: live, by level, searched. The address holds run, level and search. */
export function LogsPage() {
  const { t } = useTranslation()
  const project = useProject()
  const search = useSearch({ from: '/projects/$slug/logs' })
  const navigate = useNavigate({ from: '/projects/$slug/logs' })
  const trpc = useTRPC()
  const history = useQuery(trpc.runs.history.queryOptions({ projectId: project.id, limit: 50 }))
  const log = useLog({ projectId: project.id, runId: search.run, level: search.level, limit: 1_000 })
  const [wrap, setWrap] = useStoredState<boolean>('logs.wrap', false)
  const { lines } = log.buffer
  const find = useFind(lines, search.q ?? '')
  const set = (change: { [K in keyof typeof search]?: (typeof search)[K] | undefined }) =>
    void navigate({ search: (now) => withoutEmpty({ ...now, ...change }) as typeof search, replace: true })
  const params = { slug: project.slug }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <h1 className="sr-only">{t('nav.logs')}</h1>
      <LogToolbar
        search={search}
        onSearch={set}
        runs={history.data ?? []}
        buffer={log.buffer}
        find={find}
        wrap={wrap}
        onWrap={setWrap}
      />
      {log.error ? <ErrorState error={log.error} onRetry={log.retry} className="m-4" /> : null}
      {log.isLoading ? <SkeletonRows rows={12} className="divide-y-0" /> : null}
      {!log.isLoading && !log.error && lines.length === 0 ? (
        <NoLines isFiltered={search.level !== undefined} hasRun={log.buffer.runId !== null} />
      ) : null}
      {lines.length > 0 ? (
        <LogView
          key={`${log.buffer.runId}`}
          className="flex-1 bg-editor"
          label={t('nav.logs')}
          lines={lines}
          wrap={wrap}
          search={search.q ?? ''}
          current={find.current}
          onTop={() => void log.loadOlder()}
          onOpenPlace={(place) => void navigate({ to: '/projects/$slug/pipeline', params, search: place })}
        />
      ) : null}
    </div>
  )
}

function NoLines({ isFiltered, hasRun }: { isFiltered: boolean; hasRun: boolean }) {
  const { t } = useTranslation()
  if (isFiltered && hasRun)
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

type Lines = Parameters<typeof findMatches>[0]

export interface Find {
  matches: readonly number[]
  /** Which of the matches, 0-based; -1 before the first step. */
  at: number
  /** Index of the line to show. */
  current: number | undefined
  step: (by: 1 | -1) => void
  nextError: () => void
}

/** Steps through the lines that match, or to the next error. From the end, since the end is what one looks at. */
function useFind(lines: Lines, text: string): Find {
  const matches = useMemo(() => findMatches(lines, text), [lines, text])
  const [cursor, setCursor] = useState<string>()
  const found = cursor === undefined ? -1 : lines.findIndex((line) => line.cursor === cursor)
  const at = matches.indexOf(found)
  const goTo = (index: number | undefined) => index !== undefined && setCursor(lines[index]?.cursor)
  const step = (by: 1 | -1) => {
    if (matches.length === 0) return
    const next = at === -1 ? (by === 1 ? 0 : matches.length - 1) : (at + by + matches.length) % matches.length
    goTo(matches[next])
  }
  const nextError = () => {
    const after = lines.findIndex((line, index) => index > found && line.level === 'error')
    goTo(after === -1 ? lines.findIndex((line) => line.level === 'error') : after)
  }
  useShortcut({ keys: 'F3', inFields: true }, () => step(1), matches.length > 0)
  return { matches, at, current: found === -1 ? undefined : found, step, nextError }
}

function withoutEmpty<T extends object>(search: T): T {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined && value !== ''),
  ) as T
}
