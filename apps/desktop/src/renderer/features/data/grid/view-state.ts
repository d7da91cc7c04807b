import type { Model, TableView, ViewColumn } from '@m3m/core/client'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { configOf, layColumns, savedColumns, type GridColumn } from './columns.ts'

/** In the address: no view, although one is opened by itself. */
export const ALL = 'all'

export interface Shown {
  filter: string
  search: string
  sort: string
}

export interface ViewState extends Shown {
  views: readonly TableView[]
  /** `null`: all records, laid out as the model says. */
  view: TableView | null
  columns: GridColumn[]
  /** What is seen is not what the view has. */
  isChanged: boolean
  set: (change: Partial<Shown>) => void
  setColumns: (columns: readonly GridColumn[]) => void
  /** `null` for all records. A layout that was not saved waits where it was made. */
  choose: (view: TableView | null) => void
  /** The view that the changes were saved with takes their place. */
  settle: (view: TableView) => void
  /** As the view has it. */
  revert: () => void
}

const NONE: Shown = { filter: '', search: '', sort: '' }
const NO_VIEWS: readonly TableView[] = []

/**
 * What the table shows. The address has the view and what differs from it, so that a link says all; the layout of
 * columns is kept in this browser until it is saved with a view. `null` until the views are known.
 */
export function useViewState(model: Model): ViewState | null {
  const project = useProject()
  const trpc = useTRPC()
  const search = useSearch({ from: '/projects/$slug/data/$model' })
  const navigate = useNavigate({ from: '/projects/$slug/data/$model' })
  const answer = useQuery(
    trpc.views.list.queryOptions({ projectId: project.id, model: model.slug }, { staleTime: 30_000 }),
  )
  const views = answer.data ?? NO_VIEWS
  const view = viewOf(views, search.view)
  const drafts = useColumnDraft(`${model.id}.${view?.id ?? ALL}`)
  if (answer.isPending) return null

  const base = view ? shownBy(view) : NONE
  const shown: Shown = {
    filter: search.filter ?? base.filter,
    search: search.search ?? base.search,
    sort: search.sort ?? base.sort,
  }
  const saved = view ? view.columns : configOf(model)
  const go = (next: Record<string, string | undefined>) =>
    void navigate({ search: (now) => compact({ ...now, ...next }) })
  const set = (change: Partial<Shown>) =>
    go(
      Object.fromEntries(
        Object.entries(change).map(([key, value]) => [
          key,
          value === base[key as keyof Shown] ? undefined : value,
        ]),
      ),
    )
  const cleared = { filter: undefined, search: undefined, sort: undefined }
  const hasDefault = views.some(({ isDefault }) => isDefault)
  const choose = (next: TableView | null) =>
    go({ ...cleared, view: next ? (next.isDefault ? undefined : next.id) : hasDefault ? ALL : undefined })
  return {
    ...shown,
    views,
    view,
    columns: layColumns(model, drafts.columns ?? saved),
    isChanged:
      drafts.columns !== null ||
      (Object.keys(NONE) as (keyof Shown)[]).some((key) => shown[key] !== base[key]),
    set,
    setColumns: (columns) => drafts.keep(savedColumns(columns)),
    choose,
    settle: (next) => {
      drafts.drop()
      choose(next)
    },
    revert: () => {
      drafts.drop()
      go(cleared)
    },
  }
}

/** The one that the address names; without one the default. Pure. */
export function viewOf(views: readonly TableView[], named: string | undefined): TableView | null {
  if (named === ALL) return null
  const found = named === undefined ? undefined : views.find(({ id }) => id === named)
  return found ?? views.find(({ isDefault }) => isDefault) ?? null
}

export const shownBy = ({ filter, search, sort }: TableView): Shown => ({
  filter: filter ?? '',
  search: search ?? '',
  sort: sort ?? '',
})

const storageKey = (key: string) => `m3m.grid.${key}`

/** The layout that a person made of a view and has not saved. */
function useColumnDraft(key: string) {
  const [known, setKnown] = useState(() => ({ key, columns: readDraft(key) }))
  let current = known
  if (known.key !== key) {
    current = { key, columns: readDraft(key) }
    setKnown(current)
  }
  const put = (columns: ViewColumn[] | null) => {
    setKnown({ key, columns })
    try {
      if (columns) localStorage.setItem(storageKey(key), JSON.stringify(columns))
      else localStorage.removeItem(storageKey(key))
    } catch {
      // Storage is refused or full: the layout holds until the page is left.
    }
  }
  return { columns: current.columns, keep: put, drop: () => current.columns && put(null) }
}

function readDraft(key: string): ViewColumn[] | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey(key)) ?? 'null')
    const isLayout = Array.isArray(stored) && stored.every((one) => typeof one?.key === 'string')
    return isLayout ? (stored as ViewColumn[]) : null
  } catch {
    return null
  }
}

const compact = <T extends object>(search: T) =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))
