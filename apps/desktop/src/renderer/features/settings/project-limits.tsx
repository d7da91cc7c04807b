import { useQuery } from '@tanstack/react-query'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { LimitSettings } from './limit-settings.tsx'
import { OutboundSettings } from './reach-settings.tsx'

/** The sections that stand against what the agent allows. */
export function ProjectLimits() {
  const { id: projectId } = useProject()
  const trpc = useTRPC()
  const limits = useQuery(trpc.projects.limits.queryOptions({ projectId }))
  if (limits.error) return <ErrorState error={limits.error} onRetry={() => void limits.refetch()} />
  if (!limits.data)
    return (
      <div className="rounded-md border">
        <SkeletonRows rows={5} />
      </div>
    )
  return (
    <>
      <LimitSettings agent={limits.data} />
      <OutboundSettings agent={limits.data} />
    </>
  )
}
