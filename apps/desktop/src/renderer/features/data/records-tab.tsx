import type { Model } from '@m3m/core/client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ChevronLeftIcon, ChevronRightIcon, DatabaseIcon, PlusIcon, XIcon } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Input } from '@/ui/input.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { RecordGrid } from './record-grid.tsx'
import { RecordSheet } from './record-sheet.tsx'

const PAGE_SIZE = 50
/** The address of the sheet for a record that is not there yet. */
const NEW = 'new'

/** Records by page; filter, sort, page and the open record stand in the address. */
export function RecordsTab({ model }: { model: Model }) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const mayWrite = useMay('records:write')
  const search = useSearch({ from: '/projects/$slug/data/$model' })
  const navigate = useNavigate({ from: '/projects/$slug/data/$model' })
  const set = (change: { [K in keyof typeof search]?: (typeof search)[K] | undefined }) =>
    void navigate({ search: (now) => compact({ ...now, ...change }) })
  const page = search.page ?? 1
  const records = useQuery(
    trpc.records.list.queryOptions(
      {
        projectId: project.id,
        model: model.slug,
        page,
        pageSize: PAGE_SIZE,
        ...(search.filter && { filter: search.filter }),
        ...(search.search && { search: search.search }),
        ...(search.sort && { sort: search.sort }),
      },
      { placeholderData: keepPreviousData },
    ),
  )
  const isFiltered = search.filter !== undefined || search.search !== undefined
  const items = records.data?.items ?? []
  return (
    <>
      <div role="toolbar" aria-label={t('data.records')} className="flex shrink-0 flex-wrap items-center gap-2 border-b px-3 py-1.5">
        <FilterBox key={search.filter ?? ''} filter={search.filter ?? ''} onFilter={(filter) => set({ filter, page: undefined })} />
        <Pager
          total={records.data?.total ?? 0}
          page={page}
          pages={records.data?.pages ?? 1}
          onPage={(next) => set({ page: next > 1 ? next : undefined })}
        />
        {mayWrite ? (
          <Button onClick={() => set({ record: NEW })}>
            <PlusIcon /> {t('data.newRecord')}
          </Button>
        ) : null}
      </div>
      {records.error ? (
        <ErrorState error={records.error} onRetry={() => void records.refetch()} className="m-3" />
      ) : records.isPending ? (
        <SkeletonRows rows={10} />
      ) : items.length === 0 ? (
        <EmptyState icon={<DatabaseIcon />} title={t(isFiltered ? 'data.noMatch' : 'data.noRecords')}>
          {t(isFiltered ? 'data.noMatchHint' : 'data.noRecordsHint')}
        </EmptyState>
      ) : (
        <RecordGrid
          model={model}
          records={items}
          sort={search.sort}
          onSort={(sort) => set({ sort, page: undefined })}
          onOpen={(record) => set({ record })}
        />
      )}
      {search.record ? (
        <RecordSheet
          key={search.record}
          model={model}
          recordId={search.record === NEW ? null : search.record}
          order={items.map(({ id }) => id)}
          onClose={() => set({ record: undefined, pane: undefined, full: undefined, from: undefined })}
        />
      ) : null}
    </>
  )
}

function FilterBox({ filter, onFilter }: { filter: string; onFilter: (filter: string | undefined) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(filter)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onFilter(typed.trim() || undefined)
  }
  return (
    <form onSubmit={submit} className="relative min-w-40 flex-1">
      <Input
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        aria-label={t('data.filterLabel')}
        placeholder={t('data.filter')}
        spellCheck={false}
        autoComplete="off"
        className="pr-8 font-mono text-xs"
      />
      {typed ? (
        <button
          type="button"
          aria-label={t('data.clear')}
          onClick={() => {
            setTyped('')
            onFilter(undefined)
          }}
          className="absolute inset-y-0 right-2 text-muted-foreground hover:text-foreground"
        >
          <XIcon className="size-3.5" />
        </button>
      ) : null}
    </form>
  )
}

interface PagerProps {
  total: number
  page: number
  pages: number
  onPage: (page: number) => void
}

function Pager({ total, page, pages, onPage }: PagerProps) {
  const { t } = useTranslation()
  return (
    <div className="flex items-center gap-1 text-xs text-muted-foreground tabular">
      <span className="px-1">{t('data.count', { count: total })}</span>
      {pages > 1 ? (
        <>
          <Button variant="ghost" size="icon" disabled={page <= 1} aria-label={t('data.previousPage')} onClick={() => onPage(page - 1)}>
            <ChevronLeftIcon />
          </Button>
          <span>{t('data.page', { page, pages })}</span>
          <Button variant="ghost" size="icon" disabled={page >= pages} aria-label={t('data.nextPage')} onClick={() => onPage(page + 1)}>
            <ChevronRightIcon />
          </Button>
        </>
      ) : null}
    </div>
  )
}

const compact = <T extends object>(search: T) =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))
