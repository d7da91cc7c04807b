import { useQueries, useQuery } from '@tanstack/react-query'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { GOALS_AT_ONCE, inChunks, lastDays, type Stats, type Step } from './goal-figures.ts'

export type Goal = Outputs['goals']['list'][number]

/** Services count while one looks. */
const REFRESH_MS = 10_000

/** A project's own goals; without one the global ones that the operator may see. */
export function useGoals(projectId?: string) {
  const trpc = useTRPC()
  return useQuery(
    trpc.goals.list.queryOptions(projectId ? { projectId } : {}, { refetchInterval: REFRESH_MS }),
  )
}

/** Figures of the last days by goal id; empty until they are there. */
export function useGoalStats(goals: readonly Goal[], days: number, step: Step) {
  const trpc = useTRPC()
  const { from, to } = lastDays(days, Date.now())
  const chunks = inChunks(
    goals.map(({ id }) => id),
    GOALS_AT_ONCE,
  )
  return useQueries({
    queries: chunks.map((goalIds) =>
      trpc.goals.stats.queryOptions({ goalIds, from, to, step }, { refetchInterval: REFRESH_MS }),
    ),
    combine: (results) => ({
      error: results.find(({ error }) => error)?.error ?? null,
      isPending: results.some(({ isPending }) => isPending),
      byGoal: new Map<string, Stats>(
        results.flatMap(({ data }) => data ?? []).map((one) => [one.goalId, one]),
      ),
      refetch: () => results.forEach((result) => void result.refetch()),
    }),
  })
}
