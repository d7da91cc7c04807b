import { useQueryClient } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { useTRPC } from '../trpc/trpc.ts'

/** What others change of projects, their branches and their releases is asked for again, in every open window. */
export function useWatchProjects(): void {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  useSubscription(
    trpc.projects.watch.subscriptionOptions(undefined, {
      onData: ({ projectId, what }) => {
        const stale =
          what === 'code'
            ? [trpc.pipeline.releases.queryKey({ projectId }), trpc.pipeline.branches.queryKey({ projectId })]
            : [trpc.projects.list.queryKey(), trpc.projects.get.queryKey()]
        for (const queryKey of stale) void queryClient.invalidateQueries({ queryKey })
      },
    }),
  )
}
