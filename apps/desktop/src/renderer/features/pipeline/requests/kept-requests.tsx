import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useSubscription } from '@trpc/tanstack-react-query'
import { ChevronRightIcon, InboxIcon, Trash2Icon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { toastError } from '@/app/errors/toast-error.ts'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { formatDateTime, formatMilliseconds } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { EmptyState } from '@/ui/empty-state.tsx'
import { KeptRequestDetail } from './kept-request-detail.tsx'
import { toneOf, type RequestDraft } from './send-request.ts'

export type KeptRequest = Outputs['requests']['list'][number]

/** More than an agent keeps of one project (core's LIMIT_BOUNDS). */
const MOST = 500

/** The last requests of the service, the newest first, as they come. */
export function KeptRequests({ onReuse }: { onReuse: (draft: Partial<RequestDraft>) => void }) {
  const { t } = useTranslation()
  const { id: projectId } = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [open, setOpen] = useState<string | null>(null)
  const queryKey = trpc.requests.list.queryKey({ projectId })
  const kept = useQuery(trpc.requests.list.queryOptions({ projectId }))
  useSubscription(
    trpc.requests.watch.subscriptionOptions(
      { projectId },
      {
        // Those of the time before, and of a connection that was lost.
        onStarted: () => void queryClient.invalidateQueries({ queryKey }),
        onData: (request) => queryClient.setQueryData(queryKey, (all) => withNew(all ?? [], request)),
      },
    ),
  )
  const clear = useMutation(
    trpc.requests.clear.mutationOptions({
      onError: toastError,
      onSettled: () => queryClient.invalidateQueries({ queryKey }),
    }),
  )
  const requests = kept.data ?? []
  return (
    <section aria-label={t('requests.kept')} className="grid min-w-0 grid-cols-1 gap-2">
      <header className="flex h-7 items-center gap-2">
        <h3 className="text-sm font-semibold">{t('requests.kept')}</h3>
        {requests.length > 0 ? (
          <Button
            variant="ghost"
            size="sm"
            className="ml-auto text-muted-foreground"
            disabled={clear.isPending}
            onClick={() => clear.mutate({ projectId })}
          >
            <Trash2Icon /> {t('requests.clear')}
          </Button>
        ) : null}
      </header>
      {kept.error ? <ErrorState error={kept.error} onRetry={() => void kept.refetch()} /> : null}
      {kept.isSuccess && requests.length === 0 ? (
        <EmptyState icon={<InboxIcon />} title={t('requests.noneKept')} className="rounded-md border py-6">
          {t('requests.noneKeptHint')}
        </EmptyState>
      ) : null}
      {requests.length > 0 ? (
        <ul className="divide-y overflow-hidden rounded-md border">
          {requests.map((request) => (
            <li key={request.id}>
              <RequestLine
                request={request}
                isOpen={open === request.id}
                onToggle={() => setOpen(open === request.id ? null : request.id)}
              />
              {open === request.id ? <KeptRequestDetail request={request} onReuse={onReuse} /> : null}
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}

function RequestLine({
  request,
  isOpen,
  onToggle,
}: {
  request: KeptRequest
  isOpen: boolean
  onToggle: () => void
}) {
  const { i18n } = useTranslation()
  const { method, url, status, ms, at } = request
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={onToggle}
      className="flex h-8 w-full items-center gap-2 px-2 text-left text-xs hover:bg-accent focus-visible:bg-accent"
    >
      <ChevronRightIcon
        className={cn('size-3.5 shrink-0 text-muted-foreground transition-transform', isOpen && 'rotate-90')}
      />
      <span className={cn('w-8 shrink-0 font-mono font-semibold tabular', toneOf(status))}>{status}</span>
      <span className="w-12 shrink-0 font-mono text-muted-foreground">{method}</span>
      <span className="min-w-0 flex-1 truncate font-mono" title={url}>
        {url}
      </span>
      <span className="shrink-0 text-muted-foreground tabular">{formatMilliseconds(ms, i18n.language)}</span>
      <time dateTime={at} title={formatDateTime(at)} className="shrink-0 text-muted-foreground tabular">
        {formatDateTime(at).slice(11)}
      </time>
    </button>
  )
}

/** The list may have come with it already. */
function withNew(all: readonly KeptRequest[], request: KeptRequest): KeptRequest[] {
  return [request, ...all.filter(({ id }) => id !== request.id)].slice(0, MOST)
}
