import {
  ArrowUpIcon,
  DatabaseIcon,
  PlusIcon,
  SearchXIcon,
  TableColumnsSplitIcon,
  UploadIcon,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import type { LiveMarks } from './live-records.ts'
import type { RecordWindows } from './record-windows.ts'
import { MAX_ROWS } from './window-pages.ts'

interface RecordsBodyProps {
  windows: RecordWindows
  isNarrowed: boolean
  onNew: (() => void) | null
  /** Without fields there is nothing to fill in: they come first. */
  hasFields: boolean
  onAddFields: (() => void) | null
  onImport: () => void
  onClear: () => void
  children: ReactNode
}

/** The table, or why there is none. */
export function RecordsBody(props: RecordsBodyProps) {
  const { windows, isNarrowed, hasFields, onNew, onAddFields, onImport, onClear, children } = props
  const { t } = useTranslation()
  if (windows.error && windows.total === 0)
    return (
      <div className="grid gap-3 p-3">
        <ErrorState error={windows.error} {...(!isOfPerson(windows.error) && { onRetry: windows.refetch })} />
        {isNarrowed ? (
          <Button variant="outline" className="justify-self-start" onClick={onClear}>
            {t('grid.clearFilter')}
          </Button>
        ) : null}
      </div>
    )
  if (windows.isPending && windows.total === 0) return <SkeletonRows rows={14} />
  if (windows.total === 0 && isNarrowed)
    return (
      <EmptyState
        icon={<SearchXIcon />}
        title={t('data.noMatch')}
        action={
          <Button variant="outline" onClick={onClear}>
            {t('grid.clearFilter')}
          </Button>
        }
      >
        {t('data.noMatchHint')}
      </EmptyState>
    )
  if (windows.total === 0 && !hasFields)
    return (
      <EmptyState
        icon={<TableColumnsSplitIcon />}
        title={t('data.noFields')}
        action={onAddFields ? <Button onClick={onAddFields}>{t('data.addFields')}</Button> : null}
      >
        {t('data.noFieldsHint')}
      </EmptyState>
    )
  if (windows.total === 0)
    return (
      <EmptyState
        icon={<DatabaseIcon />}
        title={t('data.noRecords')}
        action={
          onNew ? (
            <div className="flex gap-2">
              <Button onClick={onNew}>
                <PlusIcon /> {t('data.newRecord')}
              </Button>
              <Button variant="outline" onClick={onImport}>
                <UploadIcon /> {t('importing.open')}
              </Button>
            </div>
          ) : null
        }
      >
        {t('data.noRecordsHint')}
      </EmptyState>
    )
  return (
    <>
      {windows.error ? (
        <ErrorState error={windows.error} onRetry={windows.refetch} className="m-2 shrink-0" />
      ) : null}
      <div className="relative flex min-h-0 flex-1 flex-col">{children}</div>
      {windows.total >= MAX_ROWS || windows.isCountGivenUp ? (
        <p className="shrink-0 border-t px-3 py-1.5 text-xs text-muted-foreground">
          {t('grid.tooMany', { count: windows.total })}
        </p>
      ) : null}
    </>
  )
}

/** A filter that cannot be read is no better the second time. */
const isOfPerson = (error: unknown): boolean => describeError(error).blame === 'user'

/** Over the table: how many records came since it was read. */
export function NewRecords({ marks, onShow }: { marks: LiveMarks; onShow: () => void }) {
  const { t } = useTranslation()
  return (
    <div
      aria-live="polite"
      className="pointer-events-none absolute inset-x-0 top-10 z-30 flex justify-center"
    >
      {marks.added > 0 ? (
        <Button size="sm" className="pointer-events-auto rounded-full shadow-md" onClick={onShow}>
          <ArrowUpIcon className="size-3.5" /> {t('grid.newRecords', { count: marks.added })}
        </Button>
      ) : null}
    </div>
  )
}
