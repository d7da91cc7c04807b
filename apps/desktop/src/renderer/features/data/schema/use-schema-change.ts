import type { Model, ModelChanges } from '@m3m/core/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { toast } from '@/ui/toaster.tsx'

/** What a change does, or would do. */
export type ModelUpdate = Outputs['models']['update']
type SavedModel = ModelUpdate['model']

/** A change of a model in two steps: what it would do, then doing it. */
export function useSchemaChange(model: Model, onDone?: (model: SavedModel) => void) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [preview, setPreview] = useState<ModelUpdate | null>(null)
  const update = useMutation(trpc.models.update.mutationOptions({ meta: { showsError: true } }))
  const inputOf = (changes: ModelChanges) => ({
    ...changes,
    projectId: project.id,
    model: model.slug,
    version: model.version,
  })

  async function refresh(saved: SavedModel): Promise<void> {
    // The page of the model reads it by its slug: it must not ask for the old one again.
    queryClient.setQueryData(trpc.models.get.queryKey({ projectId: project.id, model: saved.slug }), saved)
    await queryClient.invalidateQueries({ queryKey: trpc.models.list.queryKey() })
    if (saved.slug === model.slug) await queryClient.invalidateQueries({ queryKey: trpc.models.pathKey() })
    await queryClient.invalidateQueries({ queryKey: trpc.records.pathKey() })
  }
  const apply = (changes: ModelChanges, { force = false } = {}) =>
    update.mutate(
      { ...inputOf(changes), force },
      {
        onSuccess: (answer) => {
          setPreview(null)
          toast.success(t('data.schemaSaved'))
          onDone?.(answer.model)
          void refresh(answer.model)
        },
      },
    )
  /** A change that touches no record is done at once. */
  const begin = (changes: ModelChanges) =>
    update.mutate(
      { ...inputOf(changes), dryRun: true },
      {
        onSuccess: (answer) =>
          answer.records > 0 && answer.impact.length > 0 ? setPreview(answer) : apply(changes),
      },
    )
  return {
    preview,
    begin,
    apply,
    cancel: () => setPreview(null),
    error: update.error,
    reset: update.reset,
    isPending: update.isPending,
  }
}
