import type { ImportJob, Model } from '@m3m/core/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'

/** How often an import under way is asked how far it is. */
const POLL_MS = 700

const NONE: readonly ImportJob[] = []

/** Imports of the model, the newest first. When one ends, the table is read again. */
export function useImports(model: Model): readonly ImportJob[] {
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const jobs =
    useQuery(
      trpc.records.imports.queryOptions(
        { projectId: project.id, model: model.slug },
        {
          refetchInterval: ({ state }) =>
            state.data?.some((job) => job.state === 'running') ? POLL_MS : false,
        },
      ),
    ).data ?? NONE
  const running = jobs.filter(({ state }) => state === 'running').length
  const before = useRef(running)
  useEffect(() => {
    if (running < before.current) {
      void queryClient.invalidateQueries({ queryKey: [...trpc.records.pathKey(), 'window'] })
      void queryClient.invalidateQueries({ queryKey: trpc.models.counts.queryKey() })
    }
    before.current = running
  }, [running, queryClient, trpc])
  return jobs
}
