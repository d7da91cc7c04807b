import type { Model } from '@m3m/core/client'
import { PlusIcon, SearchIcon, UploadIcon } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/app/project/project-context.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { Input } from '@/ui/input.tsx'
import { useShortcut } from '@/ui/use-shortcut.ts'
import { FilterBox } from '../filter/filter-box.tsx'
import { ImportBadge } from '../importing/import-badge.tsx'
import { ViewMenu } from '../views/view-menu.tsx'
import { ColumnMenu } from './column-menu.tsx'
import { ExportMenu } from './export-menu.tsx'
import type { ViewState } from './view-state.ts'

interface RecordsToolbarProps {
  model: Model
  models: readonly Model[]
  state: ViewState
  /** Keys of the columns that are seen. */
  fields: readonly string[]
  count: RecordCount
  onNew: () => void
  onImport: () => void
}

/** View, filter, search; how many; columns, import, export; a new record. */
export function RecordsToolbar(props: RecordsToolbarProps) {
  const { model, models, state, fields, count, onNew, onImport } = props
  const { t } = useTranslation()
  const mayWrite = useMay('records:write')
  return (
    <div
      role="toolbar"
      aria-label={t('data.records')}
      className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-b px-3 py-1.5"
    >
      <ViewMenu model={model} state={state} />
      <FilterBox
        model={model}
        models={models}
        filter={state.filter}
        onFilter={(filter) => state.set({ filter })}
      />
      <SearchBox key={state.search} search={state.search} onSearch={(search) => state.set({ search })} />
      <Count {...count} />
      <div className="ml-auto flex items-center gap-2">
        <ColumnMenu columns={state.columns} onColumns={state.setColumns} />
        {mayWrite ? (
          <>
            <ImportBadge model={model} />
            <Button
              variant="outline"
              size="icon"
              aria-label={t('importing.open')}
              title={t('importing.open')}
              onClick={onImport}
            >
              <UploadIcon />
            </Button>
          </>
        ) : null}
        <ExportMenu model={model.slug} set={{ ...state, fields }} />
        {mayWrite ? (
          <Button onClick={onNew} aria-label={t('data.newRecord')}>
            <PlusIcon /> <span className="max-sm:hidden">{t('data.newRecord')}</span>
          </Button>
        ) : null}
      </div>
    </div>
  )
}

/** How many match, as far as that is known. */
interface RecordCount {
  total: number
  /** At least so many. */
  isAtLeast: boolean
  /** What is shown is of what was asked before. */
  isPending: boolean
  error: unknown
}

function Count({ total, isAtLeast, isPending, error }: RecordCount) {
  const { t } = useTranslation()
  return (
    <span
      role="status"
      title={isAtLeast ? t('grid.countsOn') : undefined}
      className={cn(
        'min-w-20 text-right text-xs whitespace-nowrap text-muted-foreground tabular max-sm:order-last max-sm:text-left',
        isPending && 'opacity-50',
      )}
    >
      {error && total === 0 ? null : t(isAtLeast ? 'grid.countAtLeast' : 'data.count', { count: total })}
    </span>
  )
}

/** Looks for words in the fields that the model names for it; `/` goes there. */
function SearchBox({ search, onSearch }: { search: string; onSearch: (search: string) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(search)
  const input = useRef<HTMLInputElement>(null)
  useShortcut('/', () => input.current?.focus())
  return (
    <form
      className="relative w-44 max-sm:order-last max-sm:w-auto max-sm:flex-1"
      onSubmit={(event) => {
        event.preventDefault()
        onSearch(typed.trim())
      }}
    >
      <SearchIcon
        aria-hidden
        className="pointer-events-none absolute top-2 left-2.5 size-4 text-muted-foreground"
      />
      <Input
        ref={input}
        type="search"
        value={typed}
        maxLength={200}
        onChange={(event) => {
          setTyped(event.target.value)
          if (event.target.value === '' && search !== '') onSearch('')
        }}
        aria-label={t('data.search')}
        aria-keyshortcuts="/"
        placeholder={t('data.search')}
        autoComplete="off"
        className="pl-8"
      />
    </form>
  )
}
