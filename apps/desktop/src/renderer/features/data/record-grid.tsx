import type { DataRecord, Field, Model } from '@m3m/core/client'
import { ArrowDownIcon, ArrowUpIcon, CheckIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/ui/cn.ts'
import { cellText, isNumeric, nextSort } from './field-values.ts'

interface RecordGridProps {
  model: Model
  records: readonly DataRecord[]
  sort: string | undefined
  onSort: (sort: string | undefined) => void
  onOpen: (id: string) => void
}

const CREATED = { key: 'createdAt', type: 'datetime' } as const

/** One page of records: sticky head and first column, one line a record. */
export function RecordGrid({ model, records, sort, onSort, onOpen }: RecordGridProps) {
  const { t } = useTranslation()
  const columns: Pick<Field, 'key' | 'type'>[] = [...model.fields, CREATED]
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <table className="min-w-full border-separate border-spacing-0 text-sm">
        <thead className="sticky top-0 z-20 bg-background">
          <tr>
            {columns.map((column, index) => (
              <Head key={column.key} column={column} isFirst={index === 0} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.id} className="group h-8.5 hover:bg-accent/60">
              {columns.map((column, index) => (
                <td
                  key={column.key}
                  className={cn(
                    'max-w-80 truncate border-b px-3 py-1',
                    index === 0 && 'sticky left-0 z-10 bg-background group-hover:bg-accent',
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
                      <Cell column={column} value={record[column.key]} /> {isEmptyCell(record[column.key]) ? record.id : ''}
                    </button>
                  ) : (
                    <Cell column={column} value={record[column.key]} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const isEmptyCell = (value: unknown) => value === null || value === undefined || value === ''

function Cell({ column, value }: { column: Pick<Field, 'key' | 'type'>; value: unknown }) {
  if (value === true) return <CheckIcon aria-label="true" className="size-3.5" />
  if (value === false) return <span className="text-muted-foreground">–</span>
  if (isEmptyCell(value)) return <span aria-hidden className="text-muted-foreground/50" />
  if (column.type === 'date' || column.type === 'datetime' || column.type === 'autodate')
    return <span className="font-mono text-xs whitespace-nowrap text-muted-foreground tabular">{cellText(column, value)}</span>
  return cellText(column, value)
}

interface HeadProps {
  column: Pick<Field, 'key' | 'type'>
  isFirst: boolean
  sort: string | undefined
  onSort: (sort: string | undefined) => void
}

function Head({ column, isFirst, sort, onSort }: HeadProps) {
  const { t } = useTranslation()
  const isUp = sort === column.key
  const isDown = sort === `-${column.key}`
  return (
    <th
      scope="col"
      aria-sort={isUp ? 'ascending' : isDown ? 'descending' : 'none'}
      className={cn('h-8 border-b px-3 text-left text-xs font-medium whitespace-nowrap text-muted-foreground', isFirst && 'sticky left-0 z-10 bg-background', isNumeric(column) && 'text-right')}
    >
      <button
        type="button"
        aria-label={t('data.sortBy', { key: column.key })}
        onClick={() => onSort(nextSort(sort, column.key))}
        className="inline-flex items-center gap-1 rounded-xs hover:text-foreground"
      >
        {column.key}
        {isUp ? <ArrowUpIcon className="size-3" /> : null}
        {isDown ? <ArrowDownIcon className="size-3" /> : null}
      </button>
    </th>
  )
}
