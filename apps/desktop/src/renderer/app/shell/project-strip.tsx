import { useLocation } from '@tanstack/react-router'
import { Meters } from '../metrics/meters.tsx'
import { useAgentMetrics, useLiveMetrics } from '../metrics/use-metrics.ts'
import { useRunState } from '../project/run-state.ts'
import { ConditionBadges, SourceBadge, StateBadge, StateDot } from '@/ui/run-badges.tsx'
import { useRouteProject } from './route-project.ts'

/** On every page of a project: what runs. The Overview has it larger. */
export function ProjectStrip() {
  const project = useRouteProject()
  const { pathname } = useLocation()
  // The Overview says it itself, larger.
  const isOverview = pathname.split('/').filter(Boolean).length === 2
  if (!project) return null
  return (
    <>
      {isOverview ? null : <Strip projectId={project.id} />}
      <MeterStrip projectId={project.id} />
    </>
  )
}

/** CPU and memory of the service, then of the agent; on narrow screens they make room. */
function MeterStrip({ projectId }: { projectId: string }) {
  const service = useLiveMetrics(projectId)
  const agent = useAgentMetrics()
  return (
    <div className="ml-auto hidden items-center gap-3 lg:flex" data-testid="meters">
      <Meters of="project" live={service} />
      <span className="hidden 2xl:block">
        <Meters of="agent" live={agent} />
      </span>
    </div>
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
