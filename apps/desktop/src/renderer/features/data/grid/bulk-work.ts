import type { BatchReport, Model } from '@m3m/core/client'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, useTRPCClient } from '@/app/trpc/trpc.ts'
import { queryOf } from './record-windows.ts'
import type { Selection } from './selection.ts'
import type { Shown } from './view-state.ts'

/** Records that one call takes (records.schema.ts, MAX_BATCH). */
const BATCH = 1_000

export interface BulkOutcome extends BatchReport {
  /** All that it was asked for, also what was refused. */
  ids: string[]
  /** Somebody pressed Stop; the rest was left alone. */
  wasStopped: boolean
}

export interface BulkWork {
  /** Ids of everything that is chosen, also of what matches and was never seen. */
  ids: () => Promise<string[]>
  /** Does the work by a thousand records a call, one after the other. */
  run: (ids: readonly string[], work: (part: string[]) => Promise<BatchReport>) => Promise<BulkOutcome>
  progress: { done: number; of: number } | null
  stop: () => void
}

/** Work on many records that can be watched and stopped. */
export function useBulkWork(model: Model, selection: Selection, shown: Shown): BulkWork {
  const { id: projectId } = useProject()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const [progress, setProgress] = useState<BulkWork['progress']>(null)
  const isStopped = useRef(false)

  async function matching(): Promise<string[]> {
    const ids: string[] = []
    let cursor: string | undefined
    do {
      const page = await client.records.list.query({
        projectId,
        model: model.slug,
        ...queryOf(shown),
        fields: 'id',
        pageSize: BATCH,
        skipTotal: true,
        ...(cursor !== undefined && { cursor }),
      })
      ids.push(...page.items.map(({ id }) => id))
      cursor = page.cursor
    } while (cursor !== undefined)
    return ids
  }

  return {
    progress,
    stop: () => void (isStopped.current = true),
    ids: async () =>
      selection.isAll ? (await matching()).filter((id) => !selection.ids.has(id)) : [...selection.ids],
    async run(ids, work) {
      isStopped.current = false
      const outcome: BulkOutcome = { done: 0, refused: 0, problems: [], ids: [], wasStopped: false }
      setProgress({ done: 0, of: ids.length })
      try {
        for (let at = 0; at < ids.length && !isStopped.current; at += BATCH) {
          const part = ids.slice(at, at + BATCH)
          const report = await work(part)
          outcome.done += report.done
          outcome.refused += report.refused
          outcome.problems.push(...report.problems)
          outcome.ids.push(...part)
          setProgress({ done: outcome.ids.length, of: ids.length })
        }
      } finally {
        setProgress(null)
        void queryClient.invalidateQueries({ queryKey: trpc.records.pathKey() })
        void queryClient.invalidateQueries({ queryKey: trpc.models.counts.queryKey() })
      }
      return { ...outcome, wasStopped: outcome.ids.length < ids.length }
    },
  }
}
