import type { DataRecord, Model } from '@m3m/core/client'
import { ArrowDownIcon, ArrowUpIcon } from 'lucide-react'
import type { MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { Checkbox } from '@/ui/checkbox.tsx'
import { cn } from '@/ui/cn.ts'
import { isNumeric } from './field-values.ts'
import { GridCell, type Column } from './grid/grid-cell.tsx'
import { toggleAll, toggleRow, type Selection } from './grid/selection.ts'
import { clickSort, sortKeys } from './grid/sorting.ts'

interface RecordGridProps {
  columns: readonly Column[]
  records: readonly DataRecord[]
  sort: string | undefined
  onSort: (sort: string | undefined) => void
  onOpen: (id: string) => void
  /** Null for people who may only read. */
  selection: Selection | null
  onSelection: (selection: Selection) => void
}

const CREATED = { key: 'createdAt', type: 'datetime' } as const

/** Every column that the table of a model can have, as the model has them. */
export const columnsOf = (model: Model): Column[] => [...model.fields, CREATED]

/** One page of records: sticky head and first column, one line a record, a box to choose each. */
export function RecordGrid({
  columns,
  records,
  sort,
  onSort,
  onOpen,
  selection,
  onSelection,
}: RecordGridProps) {
  const { t } = useTranslation()
  const order = records.map(({ id }) => id)
  const chosenHere = selection ? order.filter((id) => selection.ids.has(id)).length : 0
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <table className="min-w-full border-separate border-spacing-0 text-sm">
        <thead className="sticky top-0 z-20 bg-background">
          <tr>
            {selection ? (
              <th scope="col" className="sticky left-0 z-10 w-9 border-b bg-background pl-3">
                <Checkbox
                  checked={chosenHere === 0 ? false : chosenHere === order.length ? true : 'indeterminate'}
                  onCheckedChange={() => onSelection(toggleAll(selection, order))}
                  aria-label={t('data.grid.chooseAll')}
                />
              </th>
            ) : null}
            {columns.map((column, index) => (
              <Head
                key={column.key}
                column={column}
                stick={index === 0 ? (selection ? 'beside' : 'edge') : null}
                sort={sort}
                onSort={onSort}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <Row
              key={record.id}
              record={record}
              columns={columns}
              onOpen={onOpen}
              selection={selection}
              onChoose={(isRange) =>
                selection && onSelection(toggleRow(selection, { id: record.id, order, isRange }))
              }
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RowProps {
  record: DataRecord
  columns: readonly Column[]
  selection: Selection | null
  onOpen: (id: string) => void
  onChoose: (isRange: boolean) => void
}

function Row({ record, columns, selection, onOpen, onChoose }: RowProps) {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const isChosen = selection?.ids.has(record.id) === true
  const ground = isChosen ? 'bg-accent' : 'bg-background group-hover:bg-accent'
  return (
    <tr aria-selected={isChosen} className={cn('group h-8.5 hover:bg-accent/60', isChosen && 'bg-accent')}>
      {selection ? (
        <td className={cn('sticky left-0 z-10 w-9 border-b pl-3', ground)}>
          <Checkbox
            checked={isChosen}
            onClick={(event: MouseEvent) => onChoose(event.shiftKey)}
            aria-label={t('data.grid.choose', { id: record.id })}
          />
        </td>
      ) : null}
      {columns.map((column, index) => (
        <td
          key={column.key}
          className={cn(
            'max-w-80 truncate border-b px-3 py-1',
            index === 0 && cn('sticky z-10', selection ? 'left-9' : 'left-0', ground),
            isNumeric(column) && 'text-right font-mono text-xs tabular',
            column.type === 'document' && 'font-mono text-xs text-muted-foreground',
          )}
        >
          {index === 0 ? (
            <button
              type="button"
              onClick={() => onOpen(record.id)}
              title={t('data.editRecord')}
              className="max-w-full truncate rounded-xs text-left font-medium underline-offset-2 hover:underline"
            >
              <GridCell column={column} record={record} projectId={projectId} />{' '}
              {isEmptyCell(record[column.key]) ? record.id : ''}
            </button>
          ) : (
            <GridCell column={column} record={record} projectId={projectId} />
          )}
        </td>
      ))}
    </tr>
  )
}

const isEmptyCell = (value: unknown) => value === null || value === undefined || value === ''

interface HeadProps {
  column: Column
  /** The first column stays in view: at the edge, or beside the boxes. */
  stick: 'edge' | 'beside' | null
  sort: string | undefined
  onSort: (sort: string | undefined) => void
}

function Head({ column, stick, sort, onSort }: HeadProps) {
  const { t } = useTranslation()
  const keys = sortKeys(sort)
  const at = keys.findIndex(({ key }) => key === column.key)
  const order = at < 0 ? 'none' : keys[at]!.isDown ? 'descending' : 'ascending'
  return (
    <th
      scope="col"
      aria-sort={order}
      className={cn(
        'h-8 border-b px-3 text-left text-xs font-medium whitespace-nowrap text-muted-foreground',
        stick && cn('sticky z-10 bg-background', stick === 'beside' ? 'left-9' : 'left-0'),
        isNumeric(column) && 'text-right',
      )}
    >
      <button
        type="button"
        aria-label={t('data.sortBy', { key: column.key })}
        title={t('data.grid.sortHint')}
        onClick={(event) => onSort(clickSort(sort, column.key, event.shiftKey))}
        className="inline-flex items-center gap-1 rounded-xs hover:text-foreground"
      >
        {column.key}
        {order === 'ascending' ? <ArrowUpIcon className="size-3" /> : null}
        {order === 'descending' ? <ArrowDownIcon className="size-3" /> : null}
        {at >= 0 && keys.length > 1 ? <span className="tabular">{at + 1}</span> : null}
      </button>
    </th>
  )
}
