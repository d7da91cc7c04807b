import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useRunState } from '@/app/project/run-state.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { toast } from '@/ui/toaster.tsx'
import type { Release } from './release-row.tsx'

export function RemoveReleaseDialog({ release, onClose }: { release: Release; onClose: () => void }) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const isActive = useRunState(project.id)?.activeRelease === release.version
  const remove = useMutation(
    trpc.pipeline.removeRelease.mutationOptions({
      meta: { showsError: true },
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.pipeline.pathKey() })
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t('pipeline.removeReleaseTitle', { version: release.version })}
      description={t(isActive ? 'pipeline.removeActiveHint' : 'pipeline.removeReleaseHint', {
        count: release.fileCount,
      })}
      action={t('pipeline.removeRelease')}
      isPending={remove.isPending}
      onConfirm={() => remove.mutate({ projectId: project.id, version: release.version })}
    >
      {remove.error ? <ErrorState error={remove.error} /> : null}
    </ConfirmDialog>
  )
}

export function ClearReleasesDialog({ count, onClose }: { count: number; onClose: () => void }) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [keep, setKeep] = useState(Math.min(10, count - 1))
  const clear = useMutation(
    trpc.pipeline.clearReleases.mutationOptions({
      meta: { showsError: true },
      onSuccess: async ({ removed }) => {
        await queryClient.invalidateQueries({ queryKey: trpc.pipeline.pathKey() })
        toast.success(t('pipeline.cleared', { count: removed.length }))
        onClose()
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t('pipeline.clearOld')}
      description={t('pipeline.clearHint', { count: Math.max(0, count - keep) })}
      action={t('pipeline.clearAction')}
      isPending={clear.isPending || keep >= count}
      onConfirm={() => clear.mutate({ projectId: project.id, keep })}
    >
      <Field label={t('pipeline.keepNewest')}>
        <Input
          type="number"
          min={0}
          max={count}
          value={keep}
          onChange={(event) => setKeep(Math.max(0, event.target.valueAsNumber || 0))}
          className="w-24"
        />
      </Field>
      {clear.error ? <ErrorState error={clear.error} /> : null}
    </ConfirmDialog>
  )
}
