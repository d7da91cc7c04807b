import { Columns3Icon, GripVerticalIcon } from 'lucide-react'
import { useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { Checkbox } from '@/ui/checkbox.tsx'
import { cn } from '@/ui/cn.ts'
import { Popover, PopoverContent, PopoverTrigger } from '@/ui/popover.tsx'
import { changeColumn, moveColumn, stepColumn, type GridColumn } from './columns.ts'

interface ColumnMenuProps {
  columns: readonly GridColumn[]
  onColumns: (columns: readonly GridColumn[]) => void
}

/** Which columns are seen, and in which order: dragged, or Alt with an arrow. One always stays. */
export function ColumnMenu({ columns, onColumns }: ColumnMenuProps) {
  const { t } = useTranslation()
  const [dragged, setDragged] = useState<string | null>(null)
  const [over, setOver] = useState<string | null>(null)
  const seen = columns.filter(({ isHidden }) => !isHidden).length
  const step = (event: KeyboardEvent, key: string) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    onColumns(stepColumn(columns, key, event.key === 'ArrowUp' ? -1 : 1))
  }
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button
          variant="outline"
          aria-label={t('data.grid.columns')}
          title={t('data.grid.columns')}
          size="icon"
        >
          <Columns3Icon />
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" className="w-64 p-1">
        <p className="px-2 py-1.5 text-xs text-muted-foreground">{t('grid.columnsHint')}</p>
        <ul aria-label={t('data.grid.columns')} className="max-h-80 overflow-y-auto">
          {columns.map(({ key, title, isHidden, isSystem }) => (
            <li
              key={key}
              draggable
              onKeyDown={(event) => step(event, key)}
              onDragStart={() => setDragged(key)}
              onDragEnd={() => {
                setDragged(null)
                setOver(null)
              }}
              onDragOver={(event) => {
                if (dragged === null) return
                event.preventDefault()
                setOver(key)
              }}
              onDrop={() => dragged && onColumns(moveColumn(columns, dragged, key))}
              className={cn(
                'flex h-8 items-center rounded-sm pr-1 pl-2 hover:bg-accent',
                over === key && dragged !== key && 'shadow-[inset_0_2px_0_var(--ring)]',
              )}
            >
              <label className="flex min-w-0 flex-1 items-center gap-2 text-sm">
                <Checkbox
                  checked={!isHidden}
                  disabled={!isHidden && seen === 1}
                  onCheckedChange={(isShown) =>
                    onColumns(changeColumn(columns, key, { isHidden: isShown !== true }))
                  }
                />
                <span className={cn('truncate', isSystem && 'font-mono text-xs text-muted-foreground')}>
                  {title}
                </span>
              </label>
              <GripVerticalIcon aria-hidden className="size-3.5 shrink-0 cursor-grab text-muted-foreground" />
            </li>
          ))}
        </ul>
      </PopoverContent>
    </Popover>
  )
}
