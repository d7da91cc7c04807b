import { useLocation } from '@tanstack/react-router'
import { Meters } from '../metrics/meters.tsx'
import { useAgentMetrics, useLiveMetrics } from '../metrics/use-metrics.ts'
import { useRunState } from '../project/run-state.ts'
import { ConditionBadges, SourceBadge, StateBadge, StateDot } from '@/ui/run-badges.tsx'
import { cn } from '@/ui/cn.ts'
import { useRouteProject } from './route-project.ts'

/** On every page of a project: what runs; the Overview has it larger. On every page: CPU and memory. */
export function ProjectStrip() {
  const project = useRouteProject()
  const { pathname } = useLocation()
  // The Overview says it itself, larger.
  const isOverview = pathname.split('/').filter(Boolean).length === 2
  return (
    <>
      {project && !isOverview ? <Strip projectId={project.id} /> : null}
      <div className="ml-auto hidden items-center gap-3 lg:flex" data-testid="meters">
        {project ? <ServiceMeters projectId={project.id} /> : null}
        <AgentMeters isBeside={project !== undefined} />
      </div>
    </>
  )
}

function ServiceMeters({ projectId }: { projectId: string }) {
  return <Meters of="project" live={useLiveMetrics(projectId)} />
}

/** Beside those of a service they make room on narrower screens. */
function AgentMeters({ isBeside }: { isBeside: boolean }) {
  const agent = useAgentMetrics()
  return (
    <span className={cn(isBeside && 'hidden min-[1400px]:block')}>
      <Meters of="agent" live={agent} />
    </span>
  )
}

function Strip({ projectId }: { projectId: string }) {
  const observed = useRunState(projectId)?.observed
  if (!observed) return null
  return (
    <div className="flex min-w-0 items-center gap-1.5" data-testid="project-strip">
      <StateBadge state={observed.state} className="hidden sm:inline-flex" />
      <StateDot state={observed.state} className="sm:hidden" />
      {observed.state === 'stopped' ? null : (
        <SourceBadge source={observed.source} branch={observed.branch} tag={observed.tag} />
      )}
      <span className="hidden gap-1.5 xl:flex">
        <ConditionBadges observed={observed} />
      </span>
    </div>
  )
}
