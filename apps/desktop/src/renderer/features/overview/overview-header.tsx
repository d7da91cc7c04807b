import { RotateCwIcon, SquareIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { PublicAddress } from '@/app/project/public-address.tsx'
import type { useRunActions } from '@/app/project/run-actions.ts'
import type { RunState } from '@/app/project/run-state.ts'
import type { Outputs } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { ProjectTile } from '@/ui/project-tile.tsx'
import { ConditionBadges, SourceBadge, sourceText, StateBadge } from '@/ui/run-badges.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import { StartMenu } from './start-menu.tsx'

interface OverviewHeaderProps {
  state: RunState | undefined
  actions: ReturnType<typeof useRunActions>
  branches: Outputs['pipeline']['branches']
  releases: Outputs['pipeline']['releases']
}

export function OverviewHeader({ state, actions, branches, releases }: OverviewHeaderProps) {
  const project = useProject()
  return (
    <header className="flex flex-wrap items-start gap-x-4 gap-y-3">
      <ProjectTile name={project.name} color={project.color} size="lg" />
      <div className="grid min-w-0 flex-1 basis-72 gap-1.5">
        <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 truncate text-xl leading-6 font-semibold tracking-tight">{project.name}</h1>
          <PublicAddress />
        </div>
        <Facts state={state} />
      </div>
      <RunButtons state={state} actions={actions} branches={branches} releases={releases} />
    </header>
  )
}

function Facts({ state }: { state: RunState | undefined }) {
  const { t } = useTranslation()
  if (!state) return <Skeleton className="h-5.5 w-56" />
  const { observed, desired, live, activeRelease } = state
  const source = observed.state === 'stopped' ? null : observed.source
  const shown = source && 'release' in source ? source.release : null
  const returning = observed.source && 'branch' in observed.source && desired.run ? desired.source : null
  return (
    <div className="flex flex-wrap items-center gap-2 text-xs text-muted-foreground">
      <StateBadge state={observed.state} />
      {observed.state === 'stopped' ? null : (
        <SourceBadge source={observed.source} branch={observed.branch} tag={observed.tag} />
      )}
      <ConditionBadges observed={observed} />
      {observed.runId ? (
        <span>
          {t(`overview.since.${observed.state}`)} <TimeAgo at={observed.since} className="text-foreground" />
        </span>
      ) : null}
      {observed.nextStartAt ? (
        <span>
          {t('overview.nextStart')} <TimeAgo at={observed.nextStartAt} isAhead className="text-foreground" />
        </span>
      ) : null}
      {observed.state === 'starting' && live ? (
        <span>{t('overview.runsOn', { source: sourceText(live, null) })}</span>
      ) : null}
      {returning && 'release' in returning ? (
        <span>{t('overview.returns', { release: returning.release })}</span>
      ) : null}
      {activeRelease && activeRelease !== shown ? (
        <span>{t('overview.active', { release: activeRelease })}</span>
      ) : null}
    </div>
  )
}

function RunButtons({ state, actions, branches, releases }: OverviewHeaderProps) {
  const { t } = useTranslation()
  const mayRun = useMay('run')
  if (!mayRun) return null
  const observed = state?.observed.state
  const isUp = observed === 'running' || observed === 'starting'
  const mayStop = isUp || (observed === 'crashed' && state?.desired.run === true)
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button
        variant="outline"
        onClick={actions.restart}
        disabled={observed !== 'running' || actions.isPending}
        title={t('run.restart')}
      >
        <RotateCwIcon /> <span className="max-sm:sr-only">{t('run.restart')}</span>
      </Button>
      <Button variant="outline" onClick={actions.stop} disabled={!mayStop}>
        <SquareIcon className="size-3.5 fill-current" /> {t('run.stop')}
      </Button>
      <StartMenu
        branches={branches}
        releases={releases}
        state={state}
        isPending={actions.isPending}
        onStart={(source) => void actions.start(source).catch(() => undefined)}
      />
    </div>
  )
}
