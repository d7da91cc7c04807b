import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '../trpc/trpc.ts'

/** Measured each second; a page out of sight does not ask. */
const LIVE_MS = 2_000
/** The ring has a point every five minutes. */
const HISTORY_MS = 60_000

export function useLiveMetrics(projectId: string) {
  return useQuery(useTRPC().metrics.live.queryOptions({ projectId }, { refetchInterval: LIVE_MS })).data
}

export function useAgentMetrics() {
  return useQuery(useTRPC().metrics.agent.queryOptions(undefined, { refetchInterval: LIVE_MS })).data
}

export function useMetricsHistory(projectId: string) {
  return useQuery(useTRPC().metrics.history.queryOptions({ projectId }, { refetchInterval: HISTORY_MS }))
}
