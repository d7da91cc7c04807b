import { useMutation, useQueryClient } from '@tanstack/react-query'
import { RotateCwIcon, Trash2Icon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toastError } from '@/app/errors/toast-error.ts'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'

interface QueueBulkProps {
  name: string
  state: 'waiting' | 'delayed' | 'dead'
  count: number
}

/** Begins anew, or removes, every job of a state of one queue. */
export function QueueBulk({ name, state, count }: QueueBulkProps) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  const options = {
    onError: toastError,
    onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.queue.pathKey() }),
  }
  const retry = useMutation(trpc.queue.retryAll.mutationOptions(options))
  const clear = useMutation(
    trpc.queue.clear.mutationOptions({ ...options, onSuccess: () => setAsking(false) }),
  )
  const input = { projectId: project.id, name, state }
  return (
    <div className="ml-auto flex gap-1.5">
      {state === 'waiting' ? null : (
        <Button
          variant="outline"
          size="sm"
          disabled={count === 0 || retry.isPending}
          onClick={() => retry.mutate(input)}
        >
          <RotateCwIcon /> {t(state === 'dead' ? 'queue.retryAll' : 'queue.beginAll')}
        </Button>
      )}
      <Button variant="danger" size="sm" disabled={count === 0} onClick={() => setAsking(true)}>
        <Trash2Icon /> {t('queue.removeAll')}
      </Button>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t('queue.removeTitle', { name })}
        description={t('queue.removeWhat', { count, state: t(`queue.state.${state}`) })}
        action={t('queue.removeAll')}
        isPending={clear.isPending}
        onConfirm={() => clear.mutate(input)}
      />
    </div>
  )
}
