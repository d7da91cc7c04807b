import { useQuery } from '@tanstack/react-query'
import { Outlet, useParams } from '@tanstack/react-router'
import { ErrorState } from '../errors/error-state.tsx'
import { useTRPC } from '../trpc/trpc.ts'
import { Skeleton } from '@/ui/skeleton.tsx'
import { ProjectContext } from './project-context.ts'

/** Fetches the project that the address names and gives it to its pages. */
export function ProjectFrame() {
  const { slug } = useParams({ from: '/projects/$slug' })
  const trpc = useTRPC()
  const project = useQuery(trpc.projects.get.queryOptions({ slug }, { staleTime: 30_000 }))
  if (project.data)
    return (
      <ProjectContext value={project.data}>
        <Outlet key={project.data.id} />
      </ProjectContext>
    )
  if (project.error)
    return <ErrorState error={project.error} onRetry={() => void project.refetch()} className="m-4 sm:m-6" />
  return (
    <div className="grid gap-3 p-6" aria-busy="true">
      <Skeleton className="h-8 w-56" />
      <Skeleton className="h-4 w-80" />
    </div>
  )
}
