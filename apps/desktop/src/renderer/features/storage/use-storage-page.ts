import type { StoredEntry } from '@m3m/core/client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { MAX_NAMES, type storageSearch } from '@/app/search.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { folderOf, joined, nameOf, sortEntries } from './entries.ts'
import { useSelection } from './use-selection.ts'

type Search = ReturnType<typeof storageSearch>
/** `undefined` takes a key out of the address. */
type SearchChange = { [K in keyof Search]?: Search[K] | undefined }

const NOTHING: StoredEntry[] = []

export type PageState = ReturnType<typeof useStoragePage>

/** What the address says, what the agent answers to it, and what is chosen of that. */
export function useStoragePage() {
  const project = useProject()
  const mayWrite = useMay('files:write')
  const search: Search = useSearch({ from: '/projects/$slug/storage' })
  const navigate = useNavigate({ from: '/projects/$slug/storage' })
  const trpc = useTRPC()
  const { path = '', q: query = '', sort, open } = search
  const projectId = project.id
  const folder = useQuery(trpc.storage.list.queryOptions({ projectId, path }))
  const found = useQuery(
    trpc.storage.search.queryOptions(
      { projectId, path, query },
      { enabled: query !== '', placeholderData: keepPreviousData },
    ),
  )
  const entries = query === '' ? folder.data?.entries : found.data?.entries
  const shown = useMemo(
    () => (entries ? (query === '' ? sortEntries(entries, sort) : entries) : NOTHING),
    [entries, sort, query],
  )
  const selection = useSelection(
    shown,
    (search.sel ?? []).map((name) => joined(path, name)),
  )

  const set = (change: SearchChange, replace = false) =>
    // Of the newest address, not of the one that was drawn: two changes may follow each other at once.
    void navigate({ search: (before: Search) => tidy({ ...before, ...change }), replace })

  // Few chosen names stay in the address; while a file is open its editor guards the address.
  const names = [...selection.paths].map(nameOf)
  const written = names.length > 0 && names.length <= MAX_NAMES && query === '' ? names : undefined
  const key = JSON.stringify(written ?? [])
  useEffect(() => {
    if (open !== undefined || !folder.data || JSON.stringify(search.sel ?? []) === key) return
    set({ sel: written }, true)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `key` says all of the names
  }, [key, open])

  return {
    projectId,
    mayWrite,
    path,
    query,
    sort,
    open,
    folder,
    found,
    shown,
    selection,
    set,
    go: (to: string) =>
      set({ path: to === '' ? undefined : to, q: undefined, sel: undefined, open: undefined }),
    openEntry(entry: StoredEntry) {
      if (entry.kind === 'file') {
        set({ open: entry.path })
        return
      }
      set({ path: entry.path, q: undefined, sel: undefined })
      selection.clear()
    },
    up: () => (path === '' ? undefined : set({ path: folderOf(path) || undefined, sel: undefined })),
  }
}

/** Undefined keys are left out, so that addresses stay short. */
function tidy(search: SearchChange): Search {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))
}
