import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { Sheet, SheetContent } from '@/ui/sheet.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'

type Change = Outputs['env']['history'][number]

/** Who changed which variables; values are never kept. */
export function HistorySheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const trpc = useTRPC()
  const history = useQuery(trpc.env.history.queryOptions({ projectId }, { staleTime: 0 }))
  return (
    <Sheet open onOpenChange={onClose}>
      <SheetContent title={t('env.history.title')}>
        <div className="min-h-0 flex-1 overflow-y-auto">
          {history.isPending ? <SkeletonRows rows={6} /> : null}
          {history.error ? (
            <ErrorState error={history.error} onRetry={() => void history.refetch()} className="m-3" />
          ) : null}
          {history.data?.length === 0 ? (
            <p className="px-4 py-3 text-sm text-muted-foreground">{t('env.history.empty')}</p>
          ) : null}
          <ul className="divide-y">
            {history.data?.map((change) => (
              <ChangeLine key={change.id} change={change} />
            ))}
          </ul>
        </div>
      </SheetContent>
    </Sheet>
  )
}

function ChangeLine({ change }: { change: Change }) {
  const { t } = useTranslation()
  const parts = (['added', 'changed', 'removed'] as const).filter((kind) => change[kind].length > 0)
  return (
    <li className="grid gap-1 px-4 py-2.5 text-sm">
      <div className="flex gap-2">
        <span className="min-w-0 truncate font-medium">{change.by ?? t('audit.agent')}</span>
        <span className="ml-auto shrink-0 text-xs text-muted-foreground">
          <TimeAgo at={change.at} />
        </span>
      </div>
      {parts.length === 0 ? (
        <span className="text-xs text-muted-foreground">{t('env.history.order')}</span>
      ) : null}
      {parts.map((kind) => (
        <div key={kind} className="text-xs">
          <span className="text-muted-foreground">{t(`env.history.${kind}`)}</span>{' '}
          <span className="font-mono break-all">{change[kind].join(', ')}</span>
        </div>
      ))}
    </li>
  )
}
