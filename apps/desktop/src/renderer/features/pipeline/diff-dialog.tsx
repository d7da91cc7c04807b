import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useIsDark } from '@/app/theme/theme.ts'
import { cn } from '@/ui/cn.ts'
import { Dialog, DialogContent, DialogHeader } from '@/ui/dialog.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import type { FileDiff } from './diff-files.ts'

const DiffView = lazy(() => import('@/ui/code/diff-view.tsx').then((m) => ({ default: m.DiffView })))

interface DiffDialogProps {
  title: string
  /** Which side is which, where the title does not say it. */
  sides?: string
  /** Undefined while they are fetched. */
  files: readonly FileDiff[] | undefined
  error: unknown
  onClose: () => void
}

const STATUS_CLASSES = { added: 'text-running', removed: 'text-crashed', changed: 'text-debug', same: '' }
const STATUS_SIGNS = { added: '+', removed: '−', changed: '~', same: '' }

/** Files that differ at the left, the two texts of one at the right. */
export function DiffDialog({ title, sides, files, error, onClose }: DiffDialogProps) {
  const { t } = useTranslation()
  const isDark = useIsDark()
  const [chosen, setChosen] = useState<string>()
  const shown = files?.filter(({ status }) => status !== 'same')
  const current = shown?.find(({ path }) => path === chosen) ?? shown?.[0]
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent className="h-[88dvh] grid-rows-[auto_1fr] gap-3 p-4 sm:max-w-[min(1280px,calc(100vw-2rem))]">
        <DialogHeader title={title} description={sides} />
        {error ? <ErrorState error={error} /> : null}
        {!shown && !error ? <Skeleton className="h-full" /> : null}
        {shown?.length === 0 ? <EmptyState title={t('pipeline.noDiff')} /> : null}
        {current ? (
          <div className="flex min-h-0 flex-col overflow-hidden rounded-md border md:flex-row">
            <ul className="max-h-28 shrink-0 overflow-y-auto border-b py-1 md:max-h-none md:w-56 md:border-r md:border-b-0">
              {shown!.map((file) => (
                <li key={file.path}>
                  <button
                    type="button"
                    aria-current={file === current}
                    onClick={() => setChosen(file.path)}
                    className={cn(
                      'flex h-7 w-full items-center gap-2 px-3 text-left -outline-offset-2 hover:bg-accent',
                      file === current && 'bg-accent',
                    )}
                  >
                    <span
                      aria-label={t(`pipeline.diffStatus.${file.status}`)}
                      className={cn('w-3 font-mono', STATUS_CLASSES[file.status])}
                    >
                      {STATUS_SIGNS[file.status]}
                    </span>
                    <span className="truncate">{file.path}</span>
                  </button>
                </li>
              ))}
            </ul>
            <Suspense fallback={<Skeleton className="m-4 h-4 flex-1" />}>
              <DiffView
                path={current.path}
                before={current.a ?? ''}
                after={current.b ?? ''}
                isDark={isDark}
                label={current.path}
                className="min-h-0 min-w-0 flex-1"
              />
            </Suspense>
          </div>
        ) : null}
      </DialogContent>
    </Dialog>
  )
}
