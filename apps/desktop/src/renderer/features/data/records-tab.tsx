import type { DataRecord, Model } from '@m3m/core/client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ChevronLeftIcon, ChevronRightIcon, DatabaseIcon, PlusIcon, XIcon } from 'lucide-react'
import { useRef, useState, type ComponentProps, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Input } from '@/ui/input.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { useShortcut } from '@/ui/use-shortcut.ts'
import { useStoredState } from '@/ui/use-stored-state.ts'
import { ColumnMenu } from './grid/column-menu.tsx'
import { ExportMenu } from './grid/export-menu.tsx'
import { NOTHING, type Selection } from './grid/selection.ts'
import { SelectionBar } from './grid/selection-bar.tsx'
import { columnsOf, RecordGrid } from './record-grid.tsx'
import { RecordSheet } from './record-sheet.tsx'

const PAGE_SIZE = 50
/** The address of the sheet for a record that is not there yet. */
const NEW = 'new'

/** Records by page; filter, sort, page and the open record stand in the address. */
export function RecordsTab({ model }: { model: Model }) {
  const { t } = useTranslation()
  const mayWrite = useMay('records:write')
  const search = useSearch({ from: '/projects/$slug/data/$model' })
  const navigate = useNavigate({ from: '/projects/$slug/data/$model' })
  const set = (change: { [K in keyof typeof search]?: (typeof search)[K] | undefined }) =>
    void navigate({ search: (now) => compact({ ...now, ...change }) })
  const [selection, setSelection] = useState<Selection>(NOTHING)
  const [hidden, setHidden] = useStoredState<string>(`grid.hidden.${model.id}`, '')
  const all = columnsOf(model)
  const isHidden = new Set(hidden.split(','))
  const columns = all.filter(({ key }, index) => index === 0 || !isHidden.has(key))
  const page = search.page ?? 1
  const records = useRecords(model, { ...search, page })
  const isFiltered = search.filter !== undefined || search.search !== undefined
  const items = records.data?.items ?? []
  return (
    <>
      {selection.ids.size > 0 ? (
        <SelectionBar model={model} ids={[...selection.ids]} onDone={() => setSelection(NOTHING)} />
      ) : (
        <div
          role="toolbar"
          aria-label={t('data.records')}
          className="flex shrink-0 flex-wrap items-center gap-2 border-b px-3 py-1.5"
        >
          <SearchBox
            key={`search ${search.search ?? ''}`}
            search={search.search ?? ''}
            onSearch={(typed) => set({ search: typed, page: undefined })}
          />
          <FilterBox
            key={search.filter ?? ''}
            filter={search.filter ?? ''}
            onFilter={(filter) => set({ filter, page: undefined })}
          />
          <Pager
            total={records.data?.total ?? 0}
            page={page}
            pages={records.data?.pages ?? 1}
            onPage={(next) => set({ page: next > 1 ? next : undefined })}
          />
          <ColumnMenu
            columns={all}
            hidden={hidden.split(',').filter(Boolean)}
            onHidden={(keys) => setHidden(keys.join(','))}
          />
          <ExportMenu model={model.slug} set={{ ...search, fields: columns.map(({ key }) => key) }} />
          {mayWrite ? (
            <Button onClick={() => set({ record: NEW })}>
              <PlusIcon /> {t('data.newRecord')}
            </Button>
          ) : null}
        </div>
      )}
      <RecordsBody
        records={records}
        isFiltered={isFiltered}
        columns={columns}
        sort={search.sort}
        onSort={(sort) => set({ sort, page: undefined })}
        onOpen={(record) => set({ record })}
        selection={mayWrite ? selection : null}
        onSelection={setSelection}
      />
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

interface Listed {
  page: number
  filter?: string
  search?: string
  sort?: string
}

/** One page; the one before stays until it is there. */
function useRecords(model: Model, { page, filter, search, sort }: Listed) {
  const project = useProject()
  const trpc = useTRPC()
  const query = {
    page,
    pageSize: PAGE_SIZE,
    ...(filter && { filter }),
    ...(search && { search }),
    ...(sort && { sort }),
  }
  return useQuery(
    trpc.records.list.queryOptions(
      { projectId: project.id, model: model.slug, ...query },
      { placeholderData: keepPreviousData },
    ),
  )
}

interface RecordsBodyProps extends Omit<ComponentProps<typeof RecordGrid>, 'records'> {
  records: {
    data: { items: readonly DataRecord[] } | undefined
    error: unknown
    refetch: () => unknown
  }
  isFiltered: boolean
}

/** The table, or why there is none. */
function RecordsBody({ records, isFiltered, ...grid }: RecordsBodyProps) {
  const { t } = useTranslation()
  if (records.error)
    return <ErrorState error={records.error} onRetry={() => void records.refetch()} className="m-3" />
  if (!records.data) return <SkeletonRows rows={10} />
  if (records.data.items.length > 0) return <RecordGrid records={records.data.items} {...grid} />
  return (
    <EmptyState icon={<DatabaseIcon />} title={t(isFiltered ? 'data.noMatch' : 'data.noRecords')}>
      {t(isFiltered ? 'data.noMatchHint' : 'data.noRecordsHint')}
    </EmptyState>
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

/** Looks for words in the fields that the model names for it; `/` goes there. */
function SearchBox({ search, onSearch }: { search: string; onSearch: (search: string | undefined) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(search)
  const input = useRef<HTMLInputElement>(null)
  useShortcut('/', () => input.current?.focus())
  return (
    <form
      className="w-44 max-sm:hidden"
      onSubmit={(event) => {
        event.preventDefault()
        onSearch(typed.trim() || undefined)
      }}
    >
      <Input
        ref={input}
        type="search"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          if (event.target.value === '') onSearch(undefined)
        }}
        aria-label={t('data.search')}
        aria-keyshortcuts="/"
        placeholder={t('data.search')}
        autoComplete="off"
      />
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
          <Button
            variant="ghost"
            size="icon"
            disabled={page <= 1}
            aria-label={t('data.previousPage')}
            onClick={() => onPage(page - 1)}
          >
            <ChevronLeftIcon />
          </Button>
          <span>{t('data.page', { page, pages })}</span>
          <Button
            variant="ghost"
            size="icon"
            disabled={page >= pages}
            aria-label={t('data.nextPage')}
            onClick={() => onPage(page + 1)}
          >
            <ChevronRightIcon />
          </Button>
        </>
      ) : null}
    </div>
  )
}

const compact = <T extends object>(search: T) =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))
