import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { Project } from '../project/project-context.ts'
import { useTRPC } from '../trpc/trpc.ts'

/** The project of the address, for the frame around the pages; `undefined` on pages of the agent. */
export function useRouteProject(): Project | undefined {
  const { slug } = useParams({ strict: false })
  const trpc = useTRPC()
  const query = useQuery(
    trpc.projects.get.queryOptions({ slug: slug ?? '' }, { enabled: slug !== undefined, staleTime: 30_000 }),
  )
  return slug === undefined ? undefined : query.data
}
