import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useProject } from '@/app/project/project-context.ts'
import { useRunActions } from '@/app/project/run-actions.ts'
import { useRunState } from '@/app/project/run-state.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { ActionsList } from './actions/actions-list.tsx'
import { Figures } from './figures.tsx'
import { FirstSteps } from './first-steps.tsx'
import { GoalsWeek } from './goals-week.tsx'
import { DelayedTable } from './jobs/delayed-table.tsx'
import { JobsTable } from './jobs/jobs-table.tsx'
import { LogTail } from './log-tail.tsx'
import { OverviewHeader } from './overview-header.tsx'
import { QueueTable } from './queue/queue-table.tsx'
import { RoutesTable } from './routes-table.tsx'
import { RunHistory } from './run-history.tsx'
import { WhyEnded } from './why-ended.tsx'

/** Runs of the history at first, and when one asks for more (runs.schema.ts, runHistoryInput). */
const FIRST_RUNS = 20
const MOST_RUNS = 200

/** What the project is, what runs in it, why it stopped, and the last words of its log. */
export function OverviewPage() {
  const project = useProject()
  const trpc = useTRPC()
  const state = useRunState(project.id)
  const actions = useRunActions(project.id)
  const branches = useQuery(trpc.pipeline.branches.queryOptions({ projectId: project.id }))
  const releases = useQuery(trpc.pipeline.releases.queryOptions({ projectId: project.id }))
  const [runs, setRuns] = useState(FIRST_RUNS)
  const history = useQuery(
    trpc.runs.history.queryOptions(
      { projectId: project.id, limit: runs },
      { placeholderData: keepPreviousData },
    ),
  )
  const hasOlder = history.data?.length === runs && runs < MOST_RUNS
  const hasRun = (history.data?.length ?? 0) > 0
  // Empty boxes would say nothing that the three steps do not say better.
  const isUnused = history.data?.length === 0
  const isNew = branches.data?.length === 0 && releases.data?.length === 0
  return (
    <div className="mx-auto flex w-full max-w-7xl flex-col gap-5 px-4 py-4 sm:px-6 sm:py-5">
      <OverviewHeader
        state={state}
        actions={actions}
        branches={branches.data ?? []}
        releases={releases.data ?? []}
      />
      {actions.error ? <ErrorState error={actions.error} /> : <WhyEnded state={state} />}
      {isNew || (!hasRun && history.data) ? (
        <FirstSteps hasCode={!isNew} hasRun={hasRun} hasRelease={(releases.data?.length ?? 0) > 0} />
      ) : null}
      {isUnused ? (
        <>
          <ActionsList />
          <GoalsWeek />
        </>
      ) : (
        <div className="grid gap-5 xl:grid-cols-2">
          <div className="grid min-w-0 content-start gap-5">
            <Figures />
            <RoutesTable />
            <JobsTable />
          </div>
          <div className="grid min-w-0 content-start gap-5">
            <ActionsList />
            <GoalsWeek />
            <LogTail hasRun={hasRun} />
            <QueueTable />
            <DelayedTable />
            <RunHistory history={history} {...(hasOlder && { onOlder: () => setRuns(MOST_RUNS) })} />
          </div>
        </div>
      )}
    </div>
  )
}
