import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { hasErrorCode } from '../errors/describe-error.ts'
import { ErrorState } from '../errors/error-state.tsx'
import { useTRPC } from '../trpc/trpc.ts'
import { PageSkeleton } from '@/ui/skeleton.tsx'
import { ProjectContext } from './project-context.ts'

/** Fetches the project that the address names and gives it to its pages. */
export function ProjectFrame() {
  const { slug } = useParams({ from: '/projects/$slug' })
  const trpc = useTRPC()
  const project = useQuery(trpc.projects.get.queryOptions({ slug }, { staleTime: 30_000 }))
  const isGone = hasErrorCode(project.error, 'ACCESS_NO_PROJECT')
  useFollow(isGone ? project.data?.id : undefined)
  if (project.data && !isGone)
    return (
      <ProjectContext value={project.data}>
        <Outlet key={project.data.id} />
      </ProjectContext>
    )
  if (project.error)
    return <ErrorState error={project.error} onRetry={() => void project.refetch()} className="m-4 sm:m-6" />
  return <PageSkeleton />
}

/** A project that somebody else gave another address is followed to it; its page stays as it is. */
function useFollow(projectId: string | undefined): void {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const { data: all } = useQuery(trpc.projects.list.queryOptions())
  const moved = all?.find(({ id }) => id === projectId)
  useEffect(() => {
    if (!moved) return
    const { slug } = moved
    queryClient.setQueryData(trpc.projects.get.queryKey({ slug }), moved)
    void navigate({
      to: '.',
      params: (now) => ({ ...now, slug }),
      search: true,
      replace: true,
      ignoreBlocker: true,
    })
  }, [moved, navigate, queryClient, trpc])
}
