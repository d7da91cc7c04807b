import type { DataRecord, Model } from '@m3m/core/client'
import { useQueries, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useProject } from '@/app/project/project-context.ts'
import { ALONE } from '@/app/trpc/client.ts'
import { useTRPC, useTRPCClient } from '@/app/trpc/trpc.ts'
import { MAX_ROWS, pagesAround, span, WINDOW, type RowRange } from './window-pages.ts'

/** Unused windows go after this; coming back within it costs nothing. */
const KEPT_MS = 120_000
/**
 * As far as the first window counts what a filter finds: more than anybody scrolls through, and counted in
 * milliseconds. What is beyond is counted behind the table.
 */
const COUNT_UP_TO = 10_000

/** Which records, in which order, and what of them. */
export interface RecordSet {
  filter: string
  search: string
  sort: string
  /** Keys that are seen, and for a ref the path of the label: `owner.name`. */
  fields: readonly string[]
}

interface Window {
  items: DataRecord[]
  total: number
  isAtLeast: boolean
  cursor?: string | undefined
  /** When the agent was asked. What is patched in later does not change it. */
  readAt: number
}

export interface RecordWindows {
  /** Of records that match; 0 until it is known. */
  total: number
  /** There are more than `total`: they are being counted, or took too long to count. */
  isAtLeast: boolean
  /** Counting them was given up: the table ends at `total`. */
  isCountGivenUp: boolean
  at: (index: number) => DataRecord | undefined
  /** Where the record is, among those that are there. */
  placeOf: (id: string) => number | undefined
  /** The first window of this set is not there; what is shown, if anything, is of the set before. */
  isPending: boolean
  error: unknown
  /** When the first window was read. */
  readAt: number
  refetch: () => void
  /** Ids of a range, also of rows that nobody has looked at yet. */
  idsOf: (start: number, end: number) => Promise<string[]>
}

/** What has no place on the wire: the filter and search as `records.list` takes them. */
export const queryOf = ({ filter, search, sort }: Pick<RecordSet, 'filter' | 'search' | 'sort'>) => ({
  ...(filter && { filter }),
  ...(search && { search }),
  ...(sort && { sort }),
})

/**
 * Rows of a long list by windows of 100: those around the rows that are seen, and two ahead. A window after one
 * that is there goes on from its cursor, which costs the same at any depth; after a jump it is asked for by its
 * number. What leaves the neighbourhood before it arrives is given up.
 */
export function useRecordWindows(model: Model, set: RecordSet, range: RowRange): RecordWindows {
  const project = useProject()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const base = trpc.records.pathKey()
  const source = useMemo(() => {
    const keyOf = (page: number) => [...base, 'window', project.id, model.slug, set, page] as const
    const optionsOf = (page: number) => ({
      queryKey: keyOf(page),
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Window> => {
        const before = page === 1 ? undefined : freshWindow(queryClient, keyOf(page - 1))
        const answer = await client.records.list.query(
          {
            projectId: project.id,
            model: model.slug,
            ...queryOf(set),
            fields: [...set.fields],
            pageSize: WINDOW,
            ...(before?.cursor ? { cursor: before.cursor } : { page }),
            ...(page > 1 ? { skipTotal: true } : { countUpTo: COUNT_UP_TO }),
          },
          { signal },
        )
        return {
          items: answer.items as DataRecord[],
          total: answer.total,
          isAtLeast: answer.totalIsAtLeast === true,
          cursor: answer.cursor,
          readAt: Date.now(),
        }
      },
      staleTime: Infinity,
      gcTime: KEPT_MS,
    })
    return { keyOf, optionsOf }
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the set is compared by its content
  }, [client, queryClient, project.id, model.slug, JSON.stringify(set)])

  const [shown] = useState(() => new ShownWindows())
  const pages = pagesAround(range, shown.total)
  const results = useQueries({ queries: pages.map((page) => source.optionsOf(page)) })
  const first = results[0]!
  const whole = useWholeCount(model, set, first.data?.isAtLeast === true)
  shown.take(`${model.id} ${set.filter} ${set.search} ${set.sort}`, pages, results)
  if (first.data && whole.total !== undefined) shown.count(whole.total)
  return {
    total: Math.min(shown.total, MAX_ROWS),
    isAtLeast: shown.isAtLeast,
    isCountGivenUp: shown.isAtLeast && whole.isGivenUp,
    at: (index) => shown.at(index),
    placeOf: (id) => shown.placeOf(id),
    isPending: first.data === undefined,
    error: first.error ?? results.find(({ error }) => error !== null)?.error ?? null,
    readAt: first.data?.readAt ?? 0,
    refetch: () => void queryClient.invalidateQueries({ queryKey: base }),
    idsOf: async (start, end) => {
      const wanted = span(Math.floor(start / WINDOW) + 1, Math.ceil(end / WINDOW))
      const windows: Window[] = []
      for (const page of wanted) windows.push(await queryClient.ensureQueryData(source.optionsOf(page)))
      const items = windows.flatMap(({ items: some }) => some.map(({ id }) => id))
      const offset = Math.floor(start / WINDOW) * WINDOW
      return items.slice(start - offset, end - offset)
    },
  }
}

/** Counts to the end what the first window did not; that takes as long as it takes, or as long as the agent lets it. */
function useWholeCount(model: Model, set: RecordSet, isWanted: boolean) {
  const project = useProject()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const { filter, search } = set
  const count = useQuery({
    queryKey: [...trpc.records.pathKey(), 'count', project.id, model.slug, filter, search],
    queryFn: async ({ signal }) => {
      const where = { projectId: project.id, model: model.slug, ...queryOf({ filter, search, sort: '' }) }
      const asked = { ...where, fields: ['id'], pageSize: 1 }
      return (await client.records.list.query(asked, { signal, context: ALONE })).total
    },
    enabled: isWanted,
    staleTime: Infinity,
    gcTime: KEPT_MS,
    // It would take too long again.
    retry: false,
  })
  return { total: isWanted ? count.data : undefined, isGivenUp: count.isError }
}

/** Its cursor goes on from the last record that it has, as long as it is what the agent would answer now. */
function freshWindow(queryClient: QueryClient, key: readonly unknown[]): Window | undefined {
  const state = queryClient.getQueryState<Window>(key)
  return state?.data && !state.isInvalidated && state.fetchStatus === 'idle' ? state.data : undefined
}

/** Windows kept when they are read again with other columns, or when the next set is on its way. */
const MOST_SHOWN = 24

/** What the table shows now: the windows of one set, until the first of the next one is there. */
class ShownWindows {
  total = 0
  isAtLeast = false
  #content = ''
  #pages = new Map<number, DataRecord[]>()

  take(content: string, pages: readonly number[], results: readonly { data: Window | undefined }[]): void {
    const first = results[0]?.data
    if (content !== this.#content) {
      if (!first) return
      this.#content = content
      this.#pages = new Map()
    }
    if (first) [this.total, this.isAtLeast] = [first.total, first.isAtLeast]
    for (const [index, page] of pages.entries()) {
      const items = results[index]?.data?.items
      if (items) this.#keep(page, items)
    }
  }

  /** All of them, when they were counted to the end. */
  count(total: number): void {
    this.total = total
    this.isAtLeast = false
  }

  at(index: number): DataRecord | undefined {
    return this.#pages.get(Math.floor(index / WINDOW) + 1)?.[index % WINDOW]
  }

  placeOf(id: string): number | undefined {
    for (const [page, items] of this.#pages) {
      const place = items.findIndex((item) => item.id === id)
      if (place >= 0) return (page - 1) * WINDOW + place
    }
    return undefined
  }

  /** The one used longest ago goes. */
  #keep(page: number, items: DataRecord[]): void {
    this.#pages.delete(page)
    this.#pages.set(page, items)
    if (this.#pages.size > MOST_SHOWN) this.#pages.delete(this.#pages.keys().next().value!)
  }
}
