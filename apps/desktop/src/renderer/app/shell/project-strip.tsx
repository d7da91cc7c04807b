import { useLocation } from '@tanstack/react-router'
import { useRunState } from '../project/run-state.ts'
import { ConditionBadges, SourceBadge, StateBadge, StateDot } from '@/ui/run-badges.tsx'
import { useRouteProject } from './route-project.ts'

/** On every page of a project: what runs. The Overview has it larger. */
export function ProjectStrip() {
  const project = useRouteProject()
  const { pathname } = useLocation()
  // The Overview says it itself, larger.
  const isOverview = pathname.split('/').filter(Boolean).length === 2
  return project && !isOverview ? <Strip projectId={project.id} /> : null
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
