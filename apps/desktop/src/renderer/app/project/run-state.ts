import type { RunStateName } from '@m3m/core/client'
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
        const one = trpc.runs.state.queryKey({ projectId: state.projectId })
        const many = trpc.runs.states.queryKey()
        // An answer that is still on its way may be older than what was just told: it must not be the last word.
        void queryClient.cancelQueries({ queryKey: one })
        void queryClient.cancelQueries({ queryKey: many })
        queryClient.setQueryData(one, state)
        if (!queryClient.setQueryData(many, (all) => replaced(all, state)))
          void queryClient.invalidateQueries({ queryKey: many })
        void queryClient.invalidateQueries({
          queryKey: trpc.runs.history.queryKey({ projectId: state.projectId }),
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

/** The state of each project that the operator may see; of none until it is known: nothing is called stopped before. */
export function useRunStates(): {
  of(projectId: string): RunState | undefined
  nameOf(projectId: string): RunStateName | undefined
} {
  const trpc = useTRPC()
  const states = useQuery(trpc.runs.states.queryOptions()).data
  const byProject = new Map((states ?? []).map((state) => [state.projectId, state]))
  return {
    of: (projectId) => byProject.get(projectId),
    // One that is so new that it is not in the answer yet has never run.
    nameOf: (projectId) => states && (byProject.get(projectId)?.observed.state ?? 'stopped'),
  }
}

/** Whether that release or branch is what works now: the one mark "running" of every list and menu. */
export function isLive(
  state: RunState | undefined,
  source: { release: string } | { branch: string },
): boolean {
  const live = state?.live
  if (!live) return false
  if ('branch' in live) return 'branch' in source && source.branch === live.branch
  return 'release' in source && source.release === live.release
}

/** What a run that has not ended does: the one before works on while the next starts, and is drained after that. */
export function stateOfRun(state: RunState | undefined, runId: string): RunStateName {
  if (!state || state.observed.runId === runId) return state?.observed.state ?? 'running'
  return state.observed.state === 'starting' && state.live ? 'running' : 'stopping'
}
