import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { useTRPC, type Outputs } from '../trpc/trpc.ts'

export type RunState = Outputs['runs']['state']

/** What runs in a project, pushed by the agent; `undefined` until it is known. */
export function useRunState(projectId: string): RunState | undefined {
  const trpc = useTRPC()
  return useQuery(trpc.runs.state.queryOptions({ projectId })).data
}

/**
 * Keeps the state of every project that the operator may see true, by one subscription for the whole panel:
 * the badge in the bar, the dots of the switcher and the list say the same at every moment.
 */
export function useWatchRuns(): void {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  useSubscription(
    trpc.runs.watchAll.subscriptionOptions(undefined, {
      onData: (state) => {
        queryClient.setQueryData(trpc.runs.state.queryKey({ projectId: state.projectId }), state)
        queryClient.setQueryData(trpc.runs.states.queryKey(), (all) => replaced(all, state))
        void queryClient.invalidateQueries({
          queryKey: trpc.runs.history.queryKey({ projectId: state.projectId }),
        })
        void queryClient.invalidateQueries({
          queryKey: trpc.pipeline.releases.queryKey({ projectId: state.projectId }),
        })
        void queryClient.invalidateQueries({
          queryKey: trpc.pipeline.branches.queryKey({ projectId: state.projectId }),
        })
      },
    }),
  )
}

function replaced(all: RunState[] | undefined, state: RunState): RunState[] | undefined {
  if (!all) return undefined
  const others = all.filter(({ projectId }) => projectId !== state.projectId)
  return [...others, state]
}

/** By project; a project that never ran has no entry and is stopped. */
export function useRunStates(): ReadonlyMap<string, RunState> {
  const trpc = useTRPC()
  const states = useQuery(trpc.runs.states.queryOptions()).data
  return new Map((states ?? []).map((state) => [state.projectId, state]))
}
