import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '../trpc/trpc.ts'

/**
 * Start, stop and restart of one project. The state itself comes by the subscription; the answers only make
 * sure that it is asked for again should the socket be away. Errors belong to the page that asked.
 */
export function useRunActions(projectId: string) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const askAgain = () => queryClient.invalidateQueries({ queryKey: trpc.runs.pathKey() })
  const options = {
    meta: { showsError: true },
    onSuccess: askAgain,
    // Not waited for: while the agent is away it takes seconds, and the error is to be read at once.
    onError: () => void askAgain(),
  }
  const start = useMutation(trpc.runs.start.mutationOptions(options))
  const stop = useMutation(trpc.runs.stop.mutationOptions(options))
  const restart = useMutation(trpc.runs.restart.mutationOptions(options))
  const actions = [start, stop, restart]
  const reset = () => actions.forEach((action) => action.reset())
  return {
    /** Another question takes back the error of the one before. */
    start: (source: { release: string } | { branch: string }) => {
      reset()
      return start.mutateAsync({ projectId, source })
    },
    stop: () => {
      reset()
      stop.mutate({ projectId })
    },
    restart: () => {
      reset()
      restart.mutate({ projectId })
    },
    isPending: actions.some((action) => action.isPending),
    error: actions.map((action) => action.error).find((error) => error !== null) ?? null,
    reset,
  }
}
