import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ChevronRightIcon, RotateCwIcon, Trash2Icon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toastError } from '@/app/errors/toast-error.ts'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { Badge } from '@/ui/badge.tsx'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { CopyButton } from '@/ui/copy-button.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'

type Job = Outputs['queue']['list']['items'][number]

const TINTS = {
  waiting: '--state-stopped',
  delayed: '--state-limited',
  active: '--state-moving',
  dead: '--state-crashed',
}

/** One durable job: folded to a line, open with its whole payload. */
export function QueueJob({ job, mayRun }: { job: Job; mayRun: boolean }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  return (
    <li className="px-4 py-2 text-sm hover:bg-accent/40">
      <div className="flex min-w-0 items-center gap-2">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-label={t('queue.payloadOf', { id: job.id })}
          onClick={() => setOpen(!isOpen)}
          className="flex min-w-0 flex-1 items-center gap-2 rounded-xs text-left"
        >
          <ChevronRightIcon
            className={cn(
              'size-3.5 shrink-0 text-muted-foreground transition-transform',
              isOpen && 'rotate-90',
            )}
          />
          <Badge tint={TINTS[job.state]}>{t(`queue.state.${job.state}`)}</Badge>
          <code className="min-w-0 truncate text-xs">{job.preview}</code>
        </button>
        {mayRun && job.state !== 'active' ? <JobButtons job={job} /> : null}
      </div>
      <p className="mt-1 flex flex-wrap gap-x-3 pl-5.5 text-xs text-muted-foreground">
        <span>
          {t('queue.pushed')} <TimeAgo at={job.createdAt} />
        </span>
        {job.attempts > 0 ? <span>{t('queue.attempts', { count: job.attempts })}</span> : null}
        {job.state === 'delayed' && job.dueAt ? (
          <span>
            {t('queue.due')} <TimeAgo at={job.dueAt} isAhead />
          </span>
        ) : null}
        {job.key ? <span className="font-mono">{job.key}</span> : null}
      </p>
      {job.error ? <p className="mt-0.5 pl-5.5 text-xs break-words text-crashed">{job.error}</p> : null}
      {isOpen ? <Payload jobId={job.id} /> : null}
    </li>
  )
}

function JobButtons({ job }: { job: Job }) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const options = {
    onError: toastError,
    onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.queue.pathKey() }),
  }
  const retry = useMutation(trpc.queue.retry.mutationOptions(options))
  const remove = useMutation(trpc.queue.remove.mutationOptions(options))
  const input = { projectId: project.id, jobId: job.id }
  const retryText = t(job.state === 'dead' ? 'queue.retry' : 'queue.begin')
  return (
    <>
      {job.state === 'waiting' ? null : (
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={retryText}
          title={retryText}
          onClick={() => retry.mutate(input)}
        >
          <RotateCwIcon />
        </Button>
      )}
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={t('queue.remove')}
        title={t('queue.remove')}
        onClick={() => remove.mutate(input)}
      >
        <Trash2Icon />
      </Button>
    </>
  )
}

function Payload({ jobId }: { jobId: string }) {
  const { t } = useTranslation()
  const project = useProject()
  const job = useQuery(useTRPC().queue.get.queryOptions({ projectId: project.id, jobId }))
  if (job.error) return <p className="mt-1 pl-5.5 text-xs text-muted-foreground">{t('queue.gone')}</p>
  if (!job.data) return null
  const text = JSON.stringify(job.data.payload, null, 2)
  return (
    <div className="relative mt-1.5 ml-5.5 rounded-md border bg-editor">
      <pre className="max-h-72 overflow-auto p-2.5 font-mono text-xs leading-5">{text}</pre>
      <CopyButton value={text} label={t('queue.copy')} className="absolute top-1 right-1" />
    </div>
  )
}
