import type { DataRecord } from '@m3m/core/client'
import type { TFunction } from 'i18next'
import { memo, type MouseEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Checkbox } from '@/ui/checkbox.tsx'
import { cn } from '@/ui/cn.ts'
import { isNumeric } from '../field-values.ts'
import { CellEditor } from './cell-editor-door.tsx'
import type { GridColumn } from './columns.ts'
import { GridCell, isEmptyCell } from './grid-cell.tsx'

/** Rows of a table have 34 px (panel.md "Look"). */
export const ROW_PX = 34
export const HEAD_PX = 32
/** Column of the boxes. */
export const CHECK_PX = 36

/** The widths of a row's cells; what is left over belongs to none. */
export const templateOf = (columns: readonly GridColumn[], hasCheck: boolean): string =>
  [
    ...(hasCheck ? [`${CHECK_PX}px`] : []),
    ...columns.map(({ width }) => `${width}px`),
    'minmax(0, 1fr)',
  ].join(' ')

/** One id for each cell, so that the grid can name the active one to a screen reader. */
export const cellId = (row: number, column: number): string => `cell-${row}-${column}`

/** What a row tells the grid. One object for the life of the grid, so that rows are drawn again only for cause. */
export interface RowActions {
  onPoint: (row: number, column: number) => void
  onOpen: (id: string) => void
  onOpenRef: (slug: string, id: string) => void
  onChoose: (row: number, id: string, isRange: boolean) => void
  onEdit: (row: number, column: number) => void
  onEdited: (record: DataRecord | null) => void
}

export interface GridRowProps {
  index: number
  /** `undefined` while it is fetched. */
  record: DataRecord | undefined
  columns: readonly GridColumn[]
  template: string
  projectId: string
  modelSlug: string
  /** `null` for people who may only read. */
  isChosen: boolean | null
  /** Place of the active cell, -1 when it is in another row. */
  activeColumn: number
  isEditing: boolean
  changedBy: string | undefined
  isDeleted: boolean
  actions: RowActions
}

const GROUND = 'bg-(--row)'
const CELL = 'flex h-full min-w-0 items-center overflow-hidden border-b px-3 whitespace-nowrap'

/** One line of the table, placed by its index. */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { index, record, columns, template, isChosen, changedBy, isDeleted, actions } = props
  const { t } = useTranslation()
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isChosen ?? undefined}
      title={
        isDeleted
          ? t('grid.deletedRow')
          : changedBy
            ? t('grid.changedRow', { name: actorWord(changedBy, t) })
            : undefined
      }
      style={{ top: index * ROW_PX, height: ROW_PX, gridTemplateColumns: template }}
      onMouseDown={keepFocus}
      className={cn(
        'group/row absolute inset-x-0 grid text-sm [--row:var(--background)] hover:[--row:var(--accent)]',
        isChosen && '[--row:var(--accent)]',
        changedBy && '[--row:color-mix(in_oklab,var(--state-moving)_14%,var(--background))]',
        isDeleted && 'text-muted-foreground line-through opacity-60',
      )}
    >
      {isChosen === null ? null : (
        <span role="gridcell" className={cn(CELL, GROUND, 'z-10 pr-0 sm:sticky sm:left-0')}>
          {record ? (
            <Checkbox
              tabIndex={-1}
              checked={isChosen}
              onClick={(event: MouseEvent) => actions.onChoose(index, record.id, event.shiftKey)}
              aria-label={t('grid.choose', { id: record.id })}
            />
          ) : null}
        </span>
      )}
      {columns.map((column, place) => (
        <Cell key={column.key} {...props} column={column} place={place} />
      ))}
      <span aria-hidden className={cn(CELL, GROUND)} />
    </div>
  )
})

/** Programs have no name; operators say theirs. */
const actorWord = (by: string, t: TFunction): string =>
  by === 'service' ? t('grid.byService') : by === 'apiKey' ? t('grid.byProgram') : by

/** Buttons in rows are pressed without taking the focus: the grid keeps it, and its keys go on working. */
function keepFocus(event: MouseEvent<HTMLElement>): void {
  const target = event.target as HTMLElement
  if (target.closest('button, a') && !target.closest('[data-cell-editor]')) event.preventDefault()
}

function Cell(props: GridRowProps & { column: GridColumn; place: number }) {
  const { index, record, column, place, isChosen, activeColumn, isEditing, actions, projectId } = props
  const isActive = place === activeColumn
  const isFirst = place === 0
  return (
    <span
      role="gridcell"
      id={cellId(index, place)}
      aria-colindex={place + 1}
      data-column={column.key}
      onPointerDown={() => {
        if (!(isActive && isEditing)) actions.onPoint(index, place)
      }}
      onDoubleClick={(event) => {
        // The first of the two clicks has opened what is behind a button or link.
        if (!(event.target as HTMLElement).closest('button, a')) actions.onEdit(index, place)
      }}
      onClick={(event) => {
        // A finger has no double click and no Enter: the row opens.
        const isTouch = (event.nativeEvent as PointerEvent).pointerType === 'touch'
        if (isTouch && record && !isEditing) actions.onOpen(record.id)
      }}
      className={cn(
        CELL,
        GROUND,
        // On a phone it would leave no room for the others.
        isFirst && cn('z-10 sm:sticky', isChosen === null ? 'sm:left-0' : 'sm:left-9'),
        isNumeric(column.field) && 'justify-end font-mono text-xs tabular',
        isActive &&
          'outline-1 -outline-offset-1 outline-border group-focus/grid:outline-2 group-focus/grid:-outline-offset-2 group-focus/grid:outline-ring',
        isActive && isEditing && 'z-20 overflow-visible px-0 outline-none!',
      )}
    >
      {record === undefined ? (
        <span aria-hidden className="appear-late h-3 w-2/3 rounded-sm bg-muted" />
      ) : isActive && isEditing ? (
        <CellEditor record={record} column={column} modelSlug={props.modelSlug} onDone={actions.onEdited} />
      ) : isFirst ? (
        <OpenButton record={record} onOpen={actions.onOpen}>
          <GridCell column={column} record={record} projectId={projectId} isPlain />
          {isEmptyCell(record[column.key]) ? <code className="text-xs">{record.id}</code> : null}
        </OpenButton>
      ) : (
        <GridCell column={column} record={record} projectId={projectId} onOpenRef={actions.onOpenRef} />
      )}
    </span>
  )
}

interface OpenButtonProps {
  record: DataRecord
  onOpen: (id: string) => void
  children: ReactNode
}

function OpenButton({ record, onOpen, children }: OpenButtonProps) {
  const { t } = useTranslation()
  return (
    <button
      type="button"
      tabIndex={-1}
      onClick={() => onOpen(record.id)}
      title={t('data.editRecord')}
      className="max-w-full truncate rounded-xs text-left font-medium underline-offset-2 hover:underline"
    >
      {children}
    </button>
  )
}
