import type { DataRecord, Model } from '@m3m/core/client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'

const FOUND_AT_ONCE = 30
/** Items of one `$in`; lists of refs are rarely longer. */
const MOST_IDS = 200

/** The model that a ref points at; `undefined` until it is known, or when it is gone. */
export function useTargetModel(slug: string | undefined): Model | undefined {
  const project = useProject()
  const trpc = useTRPC()
  const models = useQuery(trpc.models.list.queryOptions({ projectId: project.id }, { staleTime: 30_000 }))
  return models.data?.find((model) => model.slug === slug)
}

/** Records by their ids. One that is gone is not among them. */
export function useRecordsById(
  slug: string | undefined,
  ids: readonly string[],
): { byId: ReadonlyMap<string, DataRecord>; isPending: boolean } {
  const project = useProject()
  const trpc = useTRPC()
  const asked = ids.slice(0, MOST_IDS)
  const found = useQuery(
    trpc.records.list.queryOptions(
      {
        projectId: project.id,
        model: slug ?? '',
        filter: { id: { $in: asked } },
        pageSize: MOST_IDS,
        skipTotal: true,
      },
      {
        enabled: slug !== undefined && asked.length > 0,
        staleTime: 10_000,
        placeholderData: keepPreviousData,
      },
    ),
  )
  return {
    byId: new Map((found.data?.items ?? []).map((record) => [record.id, record])),
    isPending: found.isPending,
  }
}

/** Records that a search finds, the newest first. */
export function useFoundRecords(slug: string | undefined, search: string, isOn: boolean) {
  const project = useProject()
  const trpc = useTRPC()
  const asked = useDeferredValue(search.trim())
  return useQuery(
    trpc.records.list.queryOptions(
      {
        projectId: project.id,
        model: slug ?? '',
        pageSize: FOUND_AT_ONCE,
        skipTotal: true,
        sort: '-updatedAt',
        ...(asked && { search: asked }),
      },
      { enabled: isOn && slug !== undefined, placeholderData: keepPreviousData },
    ),
  )
}
