import type { DataRecord, Model, RecordChange } from '@m3m/core/client'
import { useQueryClient } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { useEffect, useRef, useState } from 'react'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, useTRPCClient } from '@/app/trpc/trpc.ts'
import { useMe } from '@/app/session/panel.tsx'
import type { RecordSet } from './record-windows.ts'

/** A row that somebody changed stands out this long. */
const MARK_MS = 2_500
/** Changes are gathered this long; a service that writes all the time does not make the table flicker. */
const GATHER_MS = 250
/** Reading everything again, at most: an import by oneself writes all the time. */
const AGAIN_MS = 2_000
/** Counting is work for the agent: the numbers beside the models' names follow at most so often. */
const COUNT_MS = 10_000
/** Records read again one by one in a bunch; of more, everything that is shown is read again. */
const MOST_READ = 100

export interface LiveMarks {
  /** Who changed the row, by id; for a moment. */
  changed: ReadonlyMap<string, string>
  /** Gone, though still shown. */
  deleted: ReadonlySet<string>
  /** Records that came since the list was read. */
  added: number
}

const NO_MARKS: LiveMarks = { changed: new Map(), deleted: new Set(), added: 0 }

interface LiveOptions {
  model: Model
  set: RecordSet
  /** When the list was read: what came before is in it. */
  readAt: number
  isShown: (id: string) => DataRecord | undefined
  /** Nothing is shown that could move away under a hand. */
  isEmpty: boolean
  refetch: () => void
}

/**
 * Changes by anyone, as they happen: a row that is shown is read again in its place and marked, a deleted one is
 * struck out, new ones are counted. One's own new records, and the first of an empty table, are fetched at once.
 */
export function useLiveRecords({ model, set, readAt, isShown, isEmpty, refetch }: LiveOptions): LiveMarks {
  const project = useProject()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const me = useMe()?.name
  const [marks, setMarks] = useState({ readAt, ...NO_MARKS })
  const again = useThrottled(AGAIN_MS, () => latest.current.refetch())
  const recount = useRecount()
  const fades = useRef(new Set<ReturnType<typeof setTimeout>>())
  const latest = useRef({ set, readAt, isShown, isEmpty, refetch })
  latest.current = { set, readAt, isShown, isEmpty, refetch }
  const current = marks.readAt === readAt ? marks : { readAt, ...NO_MARKS }
  // Called later, too: for the list as it is by then.
  const change = (next: (now: LiveMarks) => LiveMarks) =>
    setMarks((now) => {
      const { readAt: since } = latest.current
      return { readAt: since, ...next(now.readAt === since ? now : NO_MARKS) }
    })

  async function readAgain(changes: readonly RecordChange[]): Promise<void> {
    const ids = changes.map(({ id }) => id)
    const { set: asked } = latest.current
    const { items } = await client.records.list.query({
      projectId: project.id,
      model: model.slug,
      filter: { id: { $in: ids } },
      fields: [...asked.fields],
      pageSize: MOST_READ,
      skipTotal: true,
    })
    const byId = new Map(items.map((item) => [item.id, item as DataRecord]))
    const base = [...trpc.records.pathKey(), 'window', project.id, model.slug, asked]
    queryClient.setQueriesData<{ items: DataRecord[] }>(
      { queryKey: base },
      (window) => window && { ...window, items: window.items.map((item) => byId.get(item.id) ?? item) },
    )
    // What a form shows of it is read again by the form itself, which asks before it loses anything.
    void queryClient.invalidateQueries({ queryKey: trpc.records.get.queryKey() })
    mark(changes.filter(({ id, by }) => byId.has(id) && by !== me))
  }

  function mark(changes: readonly RecordChange[]): void {
    change((now) => ({
      ...now,
      changed: new Map([...now.changed, ...changes.map(({ id, by }) => [id, by] as const)]),
    }))
    const fade = setTimeout(() => {
      fades.current.delete(fade)
      change((now) => {
        const left = new Map(now.changed)
        for (const { id } of changes) left.delete(id)
        return { ...now, changed: left }
      })
    }, MARK_MS)
    fades.current.add(fade)
  }

  function settle(changes: readonly RecordChange[]): void {
    const { isShown: shown, isEmpty: showsNothing } = latest.current
    if (changes.some(({ type }) => type !== 'update')) recount()
    const updated = changes.filter(
      ({ type, id, version }) => type === 'update' && (shown(id)?.version ?? version) < version,
    )
    const inserted = changes.filter(({ type, id }) => type === 'insert' && !shown(id))
    const deleted = changes.filter(({ type, id }) => type === 'delete' && shown(id))
    const isFetched = inserted.some(({ by }) => showsNothing || by === me)
    if (updated.length > MOST_READ || isFetched) return again()
    // A row that cannot be read again keeps what it shows; the next change tries again.
    if (updated.length > 0) readAgain(updated).catch(() => {})
    if (inserted.length > 0 || deleted.length > 0)
      change((now) => ({
        ...now,
        added: now.added + inserted.length,
        deleted: new Set([...now.deleted, ...deleted.map(({ id }) => id)]),
      }))
  }

  useGathered(model, { onLost: again, onChanges: settle })
  useEffect(() => {
    const fading = fades.current
    return () => {
      for (const fade of fading) clearTimeout(fade)
    }
  }, [])
  return current
}

/** Has the numbers beside the models' names counted again, some time soon. */
function useRecount(): () => void {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return useThrottled(
    COUNT_MS,
    () => void queryClient.invalidateQueries({ queryKey: trpc.models.counts.queryKey() }),
  )
}

interface Gathered {
  onChanges: (changes: readonly RecordChange[]) => void
  /** There were more than the agent keeps. */
  onLost: () => void
}

/** Changes of the model, some at a time: the last one of each record. */
function useGathered(model: Model, { onChanges, onLost }: Gathered): void {
  const project = useProject()
  const trpc = useTRPC()
  const waiting = useRef(new Map<string, RecordChange>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef(onChanges)
  latest.current = onChanges
  useSubscription(
    trpc.records.watch.subscriptionOptions(
      { projectId: project.id, model: model.slug },
      {
        onData: ({ changes, lost }) => {
          if (lost) return onLost()
          for (const one of changes) {
            const before = waiting.current.get(one.id)
            // A record that was made and changed at once is new, not changed.
            const isNew = before?.type === 'insert' && one.type === 'update'
            waiting.current.set(one.id, isNew ? { ...one, type: 'insert' } : one)
          }
          timer.current ??= setTimeout(() => {
            timer.current = undefined
            const gathered = [...waiting.current.values()]
            waiting.current.clear()
            latest.current(gathered)
          }, GATHER_MS)
        },
      },
    ),
  )
  useEffect(() => () => clearTimeout(timer.current), [])
}

/** At once, then at most every so many milliseconds; the last call always counts. */
function useThrottled(pauseMs: number, run: () => void): () => void {
  const state = useRef({ lastMs: 0, timer: undefined as ReturnType<typeof setTimeout> | undefined })
  const latest = useRef(run)
  latest.current = run
  useEffect(() => {
    const { current } = state
    return () => clearTimeout(current.timer)
  }, [])
  return () => {
    const { current } = state
    current.timer ??= setTimeout(
      () => {
        current.timer = undefined
        current.lastMs = Date.now()
        latest.current()
      },
      Math.max(0, current.lastMs + pauseMs - Date.now()),
    )
  }
}
