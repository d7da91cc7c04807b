import { ArrowDownIcon, ArrowUpIcon } from 'lucide-react'
import { useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Checkbox } from '@/ui/checkbox.tsx'
import { cn } from '@/ui/cn.ts'
import { ResizeHandle } from '@/ui/resizable.tsx'
import { isNumeric } from '../field-values.ts'
import { changeColumn, clampWidth, MAX_WIDTH, MIN_WIDTH, moveColumn, type GridColumn } from './columns.ts'
import { templateOf } from './grid-row.tsx'
import { clickSort, sortKeys } from './sorting.ts'

interface GridHeadProps {
  /** All, hidden ones too: they keep their place. */
  all: readonly GridColumn[]
  columns: readonly GridColumn[]
  sort: string
  onSort: (sort: string) => void
  onColumns: (columns: readonly GridColumn[]) => void
  /** Pixels that the widest of the rows in sight needs in this column. */
  widthOf: (key: string) => number
  /** `null`: there are no boxes. */
  chosen: boolean | 'indeterminate' | null
  onChooseAll: () => void
}

/** Names of the columns: pressed to sort, dragged into another order, their right edge dragged or pressed twice. */
export function GridHead(props: GridHeadProps) {
  const { columns, all, chosen, onChooseAll, onColumns } = props
  const { t } = useTranslation()
  const [dragged, setDragged] = useState<string | null>(null)
  return (
    <div
      role="row"
      aria-rowindex={1}
      style={{ gridTemplateColumns: templateOf(columns, chosen !== null) }}
      className="sticky top-0 z-20 grid h-8 min-w-full border-b bg-background"
    >
      {chosen === null ? null : (
        <span
          role="columnheader"
          className="z-10 flex items-center bg-background pl-3 sm:sticky sm:left-0"
          aria-label={t('grid.boxes')}
        >
          <Checkbox checked={chosen} onCheckedChange={onChooseAll} aria-label={t('grid.chooseAll')} />
        </span>
      )}
      {columns.map((column, place) => (
        <Head
          key={column.key}
          {...props}
          column={column}
          stick={place > 0 ? null : chosen === null ? 'sm:left-0' : 'sm:left-9'}
          dragged={dragged}
          onDragged={setDragged}
          onDrop={() => {
            if (dragged) onColumns(moveColumn(all, dragged, column.key))
            setDragged(null)
          }}
        />
      ))}
      <span aria-hidden />
    </div>
  )
}

interface HeadProps extends GridHeadProps {
  column: GridColumn
  stick: string | null
  dragged: string | null
  onDragged: (key: string | null) => void
  onDrop: () => void
}

function Head(props: HeadProps) {
  const { column, stick, sort, all, onColumns, widthOf, dragged, onDragged, onDrop } = props
  const { t } = useTranslation()
  const [isOver, setOver] = useState(false)
  const at = sortKeys(sort).find(({ key }) => key === column.key)
  const resize = (width: number) => onColumns(changeColumn(all, column.key, { width: clampWidth(width) }))
  const over = (event: DragEvent) => {
    if (dragged === null || dragged === column.key) return
    event.preventDefault()
    setOver(true)
  }
  return (
    <span
      role="columnheader"
      aria-sort={at ? (at.isDown ? 'descending' : 'ascending') : 'none'}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        onDrop()
      }}
      className={cn(
        'relative flex min-w-0 items-center bg-background text-xs font-medium text-muted-foreground',
        stick && cn('z-10 sm:sticky', stick),
        isOver && 'shadow-[inset_2px_0_0_var(--ring)]',
        dragged === column.key && 'opacity-50',
      )}
    >
      <span
        draggable
        onDragStart={(event) => {
          event.dataTransfer.effectAllowed = 'move'
          event.dataTransfer.setData('text/plain', column.key)
          onDragged(column.key)
        }}
        onDragEnd={() => onDragged(null)}
        className={cn(
          'flex h-full min-w-0 flex-1 items-center px-3',
          isNumeric(column.field) && 'justify-end',
        )}
      >
        <SortButton {...props} />
      </span>
      <span onDoubleClick={() => resize(widthOf(column.key))} className="flex h-full py-1.5">
        <ResizeHandle
          axis="x"
          pane="before"
          sizePx={column.width}
          minPx={MIN_WIDTH}
          maxPx={MAX_WIDTH}
          label={t('grid.widthOf', { key: column.title })}
          onResize={resize}
        />
      </span>
    </span>
  )
}

function SortButton({ column, sort, onSort }: HeadProps) {
  const { t } = useTranslation()
  const keys = sortKeys(sort)
  const at = keys.findIndex(({ key }) => key === column.key)
  if (!column.isSortable) return <span className="truncate">{column.title}</span>
  const Arrow = at >= 0 && keys[at]!.isDown ? ArrowDownIcon : ArrowUpIcon
  return (
    <button
      type="button"
      aria-label={t('data.sortBy', { key: column.title })}
      title={t('grid.sortHint')}
      onClick={(event) => onSort(clickSort(sort, column.key, event.shiftKey) ?? '')}
      className="inline-flex min-w-0 items-center gap-1 rounded-xs hover:text-foreground"
    >
      <span className={cn('truncate', at >= 0 && 'text-foreground')}>{column.title}</span>
      {at < 0 ? null : (
        <>
          <Arrow aria-hidden className="size-3 shrink-0" />
          {keys.length > 1 ? <span className="font-mono text-2xs tabular">{at + 1}</span> : null}
        </>
      )}
    </button>
  )
}
