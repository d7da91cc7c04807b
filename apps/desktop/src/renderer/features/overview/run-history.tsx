import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { HistoryIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { reasonText } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { stateOfRun, useRunState } from '@/app/project/run-state.ts'
import type { Outputs } from '@/app/trpc/trpc.ts'
import { formatDuration } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Section } from '@/ui/page.tsx'
import { SourceBadge } from '@/ui/run-badges.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import { useActorName } from '@/ui/use-actor-name.ts'

type Entry = Outputs['runs']['history'][number]

/** Ends that somebody asked for; of the others nobody is the author. */
const BY_PERSON: readonly Entry['endCause'][] = ['stop', 'replaced', 'removed']

interface RunHistoryProps {
  history: UseQueryResult<Entry[], unknown>
  /** Absent: all are shown. */
  onOlder?: () => void
}

/** Who started what, how long it ran, why it ended. */
export function RunHistory({ history, onOlder }: RunHistoryProps) {
  const { t } = useTranslation()
  return (
    <Section title={t('overview.history')} className="max-h-96 overflow-y-auto">
      {history.isPending ? <SkeletonRows rows={4} /> : null}
      {history.error ? (
        <ErrorState error={history.error} onRetry={() => void history.refetch()} className="m-3" />
      ) : null}
      {history.data?.length === 0 ? (
        <EmptyState icon={<HistoryIcon />} title={t('overview.noHistory')}>
          {t('overview.noHistoryHint')}
        </EmptyState>
      ) : null}
      <ul className="divide-y">
        {history.data?.map((entry) => (
          <HistoryRow key={entry.id} entry={entry} />
        ))}
      </ul>
      {onOlder ? (
        <div className="grid place-items-center border-t p-2">
          <Button variant="ghost" size="sm" onClick={onOlder}>
            {t('overview.olderRuns')}
          </Button>
        </div>
      ) : null}
    </Section>
  )
}

function HistoryRow({ entry }: { entry: Entry }) {
  const { t, i18n } = useTranslation()
  const project = useProject()
  const endedAt = entry.endedAt ? Date.parse(entry.endedAt) : null
  const nameOf = useActorName()
  const who = nameOf(entry.startedBy)
  return (
    <li className="grid gap-0.5 px-3 py-2 hover:bg-accent/60">
      <div className="flex min-w-0 items-center gap-2">
        <SourceBadge source={entry.source} branch={entry.branch} tag={entry.tag} />
        <EndWord entry={entry} />
        <Link
          to="/projects/$slug/logs"
          params={{ slug: project.slug }}
          search={{ run: entry.runId }}
          className="ml-auto shrink-0 rounded-xs text-xs text-muted-foreground underline-offset-2 hover:text-foreground hover:underline"
          aria-label={t('overview.logOf', { id: entry.runId })}
        >
          <TimeAgo at={entry.startedAt} />
        </Link>
      </div>
      <p className="line-clamp-2 text-xs break-words text-muted-foreground">
        {t(`run.cause.${entry.cause}`, { who })}
        {entry.cause === 'crash-restart' ? ` · ${t('run.restartNumber', { n: entry.restarts })}` : ''}
        {entry.endedBy && BY_PERSON.includes(entry.endCause)
          ? ` · ${t('run.endedBy', { who: nameOf(entry.endedBy) })}`
          : ''}
        {endedAt ? ` · ${formatDuration(endedAt - Date.parse(entry.startedAt), i18n.language)}` : ''}
        {entry.reason ? ` · ${reasonText(entry.reason)}` : ''}
      </p>
    </li>
  )
}

function EndWord({ entry }: { entry: Entry }) {
  const { t } = useTranslation()
  const state = useRunState(useProject().id)
  if (!entry.endedAt) {
    const now = stateOfRun(state, entry.runId)
    return (
      <span className={cn('text-xs font-medium', now === 'running' ? 'text-running' : 'text-moving')}>
        {t(`run.state.${now}`)}
      </span>
    )
  }
  const isBad =
    entry.endCause === 'crash' || entry.endCause === 'boot-failed' || entry.endCause === 'agent-killed'
  return (
    <span className={isBad ? 'text-xs font-medium text-crashed' : 'text-xs text-muted-foreground'}>
      {entry.endCause ? t(`run.end.${entry.endCause}`) : ''}
    </span>
  )
}
