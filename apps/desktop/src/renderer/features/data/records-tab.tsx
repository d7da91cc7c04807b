import type { Model } from '@m3m/core/client'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { useLiveRecords } from './grid/live-records.ts'
import { useRecordWindows, type RecordSet, type RecordWindows } from './grid/record-windows.ts'
import { NewRecords, RecordsBody } from './grid/records-body.tsx'
import { RecordsGrid } from './grid/records-grid.tsx'
import { RecordsToolbar } from './grid/records-toolbar.tsx'
import { NOTHING, type Selection } from './grid/selection.ts'
import { SelectionBar } from './grid/selection-bar.tsx'
import { useViewState, type ViewState } from './grid/view-state.ts'
import { WINDOW, type RowRange } from './grid/window-pages.ts'
import { labelKeyOf } from './record-label.ts'
import { RecordSheet } from './record-sheet.tsx'

const StackedRecord = lazy(() =>
  import('./form/stacked-record.tsx').then((m) => ({ default: m.StackedRecord })),
)
const ImportPanel = lazy(() =>
  import('./importing/import-panel.tsx').then((m) => ({ default: m.ImportPanel })),
)

/** The address of the sheet for a record that is not there yet, and of an import that was not begun. */
const NEW = 'new'
/** The rows that a tall screen shows at first. */
const FIRST: RowRange = { start: 0, end: 50, isDown: true }

/** Records of a model as a table; the address has its view, filter, sort and the record that is open. */
export function RecordsTab({ model }: { model: Model }) {
  const project = useProject()
  const trpc = useTRPC()
  const state = useViewState(model)
  // Which field stands for a ref's record is asked for along with the first rows: not twice.
  const models = useQuery(trpc.models.list.queryOptions({ projectId: project.id }, { staleTime: 30_000 }))
  if (!state || models.isPending) return <SkeletonRows rows={12} />
  return <RecordsTable model={model} models={models.data ?? NO_MODELS} state={state} />
}

interface RecordsTableProps {
  model: Model
  /** All of the project. */
  models: readonly Model[]
  state: ViewState
}

function RecordsTable({ model, models, state }: RecordsTableProps) {
  const { t } = useTranslation()
  const mayWrite = useMay('records:write')
  const mayModel = useMay('code:write')
  const { address, go } = useAddress()
  const list = useRecordList({ model, models, state })
  const { windows, selection, setSelection } = list
  const [ref, setRef] = useState<{ slug: string; id: string } | null>(null)
  const fields = state.columns.filter(({ isHidden }) => !isHidden).map(({ key }) => key)
  return (
    <>
      {selection.isAll || selection.ids.size > 0 ? (
        <SelectionBar
          model={model}
          selection={selection}
          onSelection={setSelection}
          shown={state}
          fields={fields}
          total={windows.total}
          isAtLeast={windows.isAtLeast}
          onDone={() => setSelection(NOTHING)}
        />
      ) : (
        <RecordsToolbar
          model={model}
          models={models}
          state={state}
          fields={fields}
          count={windows}
          onNew={() => go({ record: NEW })}
          onImport={() => go({ import: NEW })}
        />
      )}
      <RecordsBody
        windows={windows}
        isNarrowed={state.filter !== '' || state.search !== ''}
        onNew={mayWrite ? () => go({ record: NEW }) : null}
        hasFields={model.fields.length > 0}
        onAddFields={mayModel ? () => go({ tab: 'schema' }) : null}
        onImport={() => go({ import: NEW })}
        onClear={() => state.set({ filter: '', search: '' })}
      >
        <NewRecords marks={list.marks} onShow={list.showNew} />
        <RecordsGrid
          modelSlug={model.slug}
          label={t('grid.label', { name: model.name })}
          windows={windows}
          marks={list.marks}
          onRange={list.setRange}
          columns={state.columns}
          onColumns={state.setColumns}
          sort={state.sort}
          onSort={(sort) => state.set({ sort })}
          selection={mayWrite ? selection : null}
          onSelection={setSelection}
          openId={address.record}
          onOpen={(id) => go({ record: id })}
          onOpenRef={(slug, id) => setRef({ slug, id })}
          listKey={list.listKey}
        />
      </RecordsBody>
      <OverTable
        model={model}
        order={orderAround(windows, list.range)}
        refModel={models.find(({ slug }) => slug === ref?.slug)}
        refId={ref?.id}
        onCloseRef={() => setRef(null)}
      />
    </>
  )
}

/** What the address says is open, and the way to say something else. */
function useAddress() {
  const address = useSearch({ from: '/projects/$slug/data/$model' })
  const navigate = useNavigate({ from: '/projects/$slug/data/$model' })
  const go = (change: Record<string, string | undefined>) =>
    void navigate({ search: (now) => compact({ ...now, ...change }) })
  return { address, go }
}

/** The records that match, as they are scrolled through and as others change them, and which are chosen. */
function useRecordList({ model, models, state }: RecordsTableProps) {
  const set = useRecordSet(model, models, state)
  const [range, setRange] = useState(FIRST)
  const [returns, setReturns] = useState(0)
  const [selection, setSelection] = useState<Selection>(NOTHING)
  const windows = useRecordWindows(model, set, range)
  const marks = useLiveRecords({
    model,
    set,
    readAt: windows.readAt,
    isShown: (id) => {
      const place = windows.placeOf(id)
      return place === undefined ? undefined : windows.at(place)
    },
    isEmpty: windows.total === 0 && !windows.isPending,
    refetch: windows.refetch,
  })
  const listKey = `${set.filter}\n${set.search}\n${set.sort}\n${returns}`
  // What was chosen under another filter is not what is seen now.
  const [chosenIn, setChosenIn] = useState(listKey)
  if (chosenIn !== listKey) {
    setChosenIn(listKey)
    setSelection(NOTHING)
  }
  const showNew = () => {
    windows.refetch()
    setReturns(returns + 1)
  }
  return { windows, marks, range, setRange, selection, setSelection, listKey, showNew }
}

interface OverTableProps {
  model: Model
  /** Ids around the record that is open. */
  order: readonly string[]
  refModel: Model | undefined
  refId: string | undefined
  onCloseRef: () => void
}

/** What lies over the table: a record, one that it points at, an import. */
function OverTable({ model, order, refModel, refId, onCloseRef }: OverTableProps) {
  const mayWrite = useMay('records:write')
  const { address, go } = useAddress()
  const { record: openId, import: importId } = address
  return (
    <>
      {openId ? (
        <RecordSheet
          key={openId}
          model={model}
          recordId={openId === NEW ? null : openId}
          order={order}
          onClose={() => go({ record: undefined, pane: undefined, full: undefined, from: undefined })}
        />
      ) : null}
      <Suspense>
        {refId !== undefined && refModel ? (
          <StackedRecord model={refModel} recordId={refId} onClose={onCloseRef} onCreated={() => {}} />
        ) : null}
        {importId && mayWrite ? (
          <ImportPanel
            model={model}
            jobId={importId === NEW ? null : importId}
            onJob={(id) => go({ import: id })}
            onClose={() => go({ import: undefined })}
          />
        ) : null}
      </Suspense>
    </>
  )
}

const NO_MODELS: readonly Model[] = []

/** Only what is seen is asked for; a ref brings the one field that stands for its record. */
function useRecordSet(model: Model, models: readonly Model[], state: ViewState): RecordSet {
  const { filter, search, sort, columns } = state
  const fields = columns
    .filter(({ isHidden, isSystem }) => !isHidden && !isSystem)
    .flatMap(({ key, field }) => {
      const target = field.type === 'ref' ? models.find(({ slug }) => slug === field.refModel) : undefined
      const label = target && labelKeyOf(target)
      return label ? [key, `${key}.${label}`] : [key]
    })
  const text = (fields.length > 0 ? fields : ['id']).join(',')
  return useMemo(() => ({ filter, search, sort, fields: text.split(',') }), [filter, search, sort, text])
}

/** Ids of the rows around those that are seen, as far as they are there without a gap. */
function orderAround(windows: RecordWindows, { start, end }: RowRange): string[] {
  const ids: string[] = []
  for (let row = Math.max(0, start - WINDOW); row < end + WINDOW; row += 1) {
    const record = windows.at(row)
    if (record) ids.push(record.id)
    else if (row >= end) break
    else if (row < start) ids.length = 0
  }
  return ids
}

const compact = <T extends object>(search: T) =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))
