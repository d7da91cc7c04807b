import type { DataRecord } from '@m3m/core/client'
import { useVirtualizer } from '@tanstack/react-virtual'
import {
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type RefObject,
} from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import type { GridColumn } from './columns.ts'
import { cellWidget } from './editable.ts'
import { GridHead } from './grid-head.tsx'
import { movedBy, type Cell } from './grid-keys.ts'
import {
  CHECK_PX,
  cellId,
  GridRow,
  HEAD_PX,
  ROW_PX,
  templateOf,
  type GridRowProps,
  type RowActions,
} from './grid-row.tsx'
import type { LiveMarks } from './live-records.ts'
import type { RecordWindows } from './record-windows.ts'
import { chooseRange, EVERYTHING, isChosen, NOTHING, toggleRow, type Selection } from './selection.ts'
import { WINDOW, type RowRange } from './window-pages.ts'

/** Rows drawn above and below those that are seen: a turn of a wheel is there already. */
const OVERSCAN = 15
/** A scroll across more windows than this is a jump; what it passes is not fetched. */
const JUMP_WINDOWS = 3
/** How long a jump must rest before its place is fetched. */
const REST_MS = 80

interface RecordsGridProps {
  modelSlug: string
  label: string
  windows: RecordWindows
  marks: LiveMarks
  onRange: (range: RowRange) => void
  /** All, in their order; hidden ones are left out here. */
  columns: readonly GridColumn[]
  onColumns: (columns: readonly GridColumn[]) => void
  sort: string
  onSort: (sort: string) => void
  /** Null for people who may only read. */
  selection: Selection | null
  onSelection: (selection: Selection) => void
  /** The record that is open over the table. */
  openId: string | undefined
  onOpen: (id: string) => void
  onOpenRef: (slug: string, id: string) => void
  /** Changes when another list is shown: it begins at its top. */
  listKey: string
}

/**
 * The records as a table of any length: only the rows in sight are in the page. It is one stop for the Tab key;
 * arrows move the active cell, Enter opens its record, F2 edits it, Space chooses the row.
 */
export function RecordsGrid(props: RecordsGridProps) {
  const { windows, selection, columns: all, openId, listKey } = props
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const columns = useMemo(() => all.filter(({ isHidden }) => !isHidden), [all])
  const virtualizer = useVirtualizer({
    count: windows.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    // The head stands before the rows, and over them when they are scrolled.
    scrollMargin: HEAD_PX,
    scrollPaddingStart: HEAD_PX,
  })
  const items = virtualizer.getVirtualItems()
  useRangeReport(items[0]?.index ?? 0, (items.at(-1)?.index ?? 0) + 1, props.onRange)
  useLayoutEffect(() => {
    scroller.current?.scrollTo({ top: 0 })
  }, [listKey])
  const grid = useActiveCell(props, columns, {
    scroller,
    show: (row) => virtualizer.scrollToIndex(row, { align: 'auto' }),
  })
  useOpenRowInSight(openId, windows, grid.at)
  const template = templateOf(columns, selection !== null)
  const width = columns.reduce((sum, column) => sum + column.width, selection ? CHECK_PX : 0)
  const { active } = grid
  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={windows.isAtLeast ? -1 : windows.total + 1}
      aria-colcount={columns.length}
      aria-multiselectable={selection !== null}
      aria-busy={windows.isPending}
      aria-activedescendant={active ? cellId(active.row, active.column) : undefined}
      onKeyDown={grid.onKeyDown}
      className="group/grid relative min-h-0 flex-1 overflow-auto outline-none focus-visible:outline-none"
    >
      <div style={{ width, minWidth: '100%' }}>
        <GridHead
          all={all}
          columns={columns}
          sort={props.sort}
          onSort={props.onSort}
          onColumns={props.onColumns}
          widthOf={(key) => widestCell(scroller.current, key)}
          chosen={selection && headState(selection)}
          onChooseAll={() => props.onSelection(selection && headState(selection) ? NOTHING : EVERYTHING)}
        />
        <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index }) => (
            <WindowRow
              key={index}
              index={index}
              grid={props}
              columns={columns}
              template={template}
              isEditing={grid.isEditing && active?.row === index}
              activeColumn={active?.row === index ? active.column : -1}
              actions={grid.actions}
            />
          ))}
        </div>
      </div>
      <span className="sr-only" aria-live="polite">
        {windows.isPending ? t('grid.loading') : ''}
      </span>
    </div>
  )
}

type WindowRowProps = Pick<
  GridRowProps,
  'index' | 'columns' | 'template' | 'isEditing' | 'activeColumn' | 'actions'
> & { grid: RecordsGridProps }

/** What the list has at this place, and what is known of it. */
function WindowRow({ grid, ...row }: WindowRowProps) {
  const { id: projectId } = useProject()
  const { windows, marks, selection, modelSlug } = grid
  const record = windows.at(row.index)
  return (
    <GridRow
      {...row}
      record={record}
      projectId={projectId}
      modelSlug={modelSlug}
      isChosen={selection && record ? isChosen(selection, record.id) : selection ? false : null}
      changedBy={record && marks.changed.get(record.id)}
      isDeleted={record !== undefined && marks.deleted.has(record.id)}
    />
  )
}

const headState = ({ ids, isAll }: Selection): boolean | 'indeterminate' =>
  ids.size === 0 ? isAll : 'indeterminate'

/** Tells which windows are seen: at once while it goes row by row, after a rest when it jumps. */
function useRangeReport(start: number, end: number, report: (range: RowRange) => void): void {
  const last = useRef({ start: 0, end: 0 })
  const inWindows = `${Math.floor(start / WINDOW)} ${Math.ceil(end / WINDOW)}`
  const latest = useRef(report)
  latest.current = report
  useEffect(() => {
    const before = last.current
    const tell = () => {
      const isDown = start >= before.start
      last.current = { start, end }
      latest.current({ start, end, isDown })
    }
    if (Math.abs(start - before.start) <= JUMP_WINDOWS * WINDOW) return tell()
    const timer = setTimeout(tell, REST_MS)
    return () => clearTimeout(timer)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- rows within the same windows change nothing
  }, [inWindows])
}

interface Surface {
  scroller: RefObject<HTMLDivElement | null>
  /** Scrolls the row into sight. */
  show: (row: number) => void
}

/** The active cell: by pointer, by keys, and what is done with it. */
function useActiveCell(props: RecordsGridProps, columns: readonly GridColumn[], { scroller, show }: Surface) {
  const [active, setActive] = useState<Cell | null>(null)
  const [isEditing, setEditing] = useState(false)
  const latest = useRef({ props, columns, active })
  latest.current = { props, columns, active }

  const at = (cell: Cell) => {
    setActive(cell)
    show(cell.row)
    const column = latest.current.columns[cell.column]
    if (column && cell.column > 0) showColumn(scroller.current, latest.current.columns, cell.column)
  }
  const choose = async (row: number, id: string, isRange: boolean) => {
    const { selection, windows, onSelection } = latest.current.props
    if (!selection) return
    if (!isRange || selection.anchor === null) return onSelection(toggleRow(selection, { id, index: row }))
    const [from, to] = [Math.min(selection.anchor, row), Math.max(selection.anchor, row)]
    const ids = await windows.idsOf(from, to + 1)
    onSelection(chooseRange(latest.current.props.selection ?? selection, ids))
  }
  const edit = (row: number, column: number) => {
    const { windows, selection, onOpen } = latest.current.props
    const record = windows.at(row)
    const shown = latest.current.columns[column]
    if (!record || !shown) return
    setActive({ row, column })
    if (selection !== null && cellWidget(shown.field, shown.isSystem)) setEditing(true)
    else onOpen(record.id)
  }
  const [actions] = useState<RowActions>(() => ({
    onPoint: (row, column) => {
      setActive({ row, column })
      scroller.current?.focus({ preventScroll: true })
    },
    onOpen: (id) => latest.current.props.onOpen(id),
    onOpenRef: (slug, id) => latest.current.props.onOpenRef(slug, id),
    onChoose: (row, id, isRange) => void choose(row, id, isRange),
    onEdit: edit,
    onEdited: () => {
      setEditing(false)
      scroller.current?.focus({ preventScroll: true })
    },
  }))
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return
    const { windows, selection, onSelection, onOpen } = props
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_PX) - 2)
    const bounds = { rows: windows.total, columns: columns.length, page }
    const record = active ? windows.at(active.row) : undefined
    const moved = movedBy(event, active ?? { row: -1, column: 0 }, bounds)
    if (moved) at(moved)
    else if (event.key === 'Enter' && record) onOpen(record.id)
    else if (event.key === 'F2' && active) edit(active.row, active.column)
    else if (event.key === ' ' && record && active) void choose(active.row, record.id, event.shiftKey)
    else if (event.key === 'Escape' && selection) onSelection(NOTHING)
    else if (event.code === 'KeyA' && (event.ctrlKey || event.metaKey) && selection) onSelection(EVERYTHING)
    else if (event.code === 'KeyC' && (event.ctrlKey || event.metaKey) && record && active)
      copyCell(record, columns[active.column])
    else return
    event.preventDefault()
  }
  return { active, at, isEditing, actions, onKeyDown }
}

function copyCell(record: DataRecord, column: GridColumn | undefined): void {
  // Selected text goes first.
  if (!column || String(getSelection() ?? '') !== '') return
  const value = record[column.key] ?? ''
  void navigator.clipboard?.writeText(typeof value === 'object' ? JSON.stringify(value) : String(value))
}

/** Scrolls sideways until the column stands free of the first one, which stays. */
function showColumn(scroller: HTMLDivElement | null, columns: readonly GridColumn[], place: number): void {
  if (!scroller) return
  const left = columns.slice(1, place).reduce((sum, { width }) => sum + width, 0)
  const fixed = CHECK_PX + (columns[0]?.width ?? 0)
  const room = scroller.clientWidth - fixed
  const right = left + columns[place]!.width
  if (left < scroller.scrollLeft) scroller.scrollLeft = left
  else if (right > scroller.scrollLeft + room) scroller.scrollLeft = right - room
}

/** One who goes from record to record in the panel finds the last one in the table. */
function useOpenRowInSight(
  openId: string | undefined,
  windows: RecordWindows,
  at: (cell: Cell) => void,
): void {
  const latest = useRef({ windows, at })
  latest.current = { windows, at }
  useEffect(() => {
    if (openId === undefined) return
    const { windows: shown, at: go } = latest.current
    const row = shown.placeOf(openId)
    if (row !== undefined) go({ row, column: 0 })
  }, [openId])
}

/** What the cells of a column in sight need, and their padding. */
function widestCell(scroller: HTMLElement | null, key: string): number {
  const cells = scroller?.querySelectorAll(`[data-column="${CSS.escape(key)}"]`) ?? []
  const range = document.createRange()
  const widths = [...cells].map((cell) => {
    // Cut text reports the box it was cut to; its own width is that of its scroll.
    const inner = Math.max(0, ...[...cell.children].map((child) => child.scrollWidth))
    range.selectNodeContents(cell)
    return Math.max(inner, range.getBoundingClientRect().width)
  })
  return Math.ceil(Math.max(0, ...widths)) + CELL_PADDING_PX
}

const CELL_PADDING_PX = 26
