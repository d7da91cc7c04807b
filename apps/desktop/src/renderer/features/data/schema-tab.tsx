import type { Model } from '@m3m/core/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { LeaveGuard } from '@/app/leave/leave-guard.tsx'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { toast } from '@/ui/toaster.tsx'
import { draftsOf, type FieldDraft } from './field-drafts.ts'
import { errorsByField } from './field-errors.ts'
import { FieldsEditor } from './fields-editor.tsx'

type Impact = Outputs['models']['update']

/** Fields in place; what a change does to the records is shown before it is done. */
export function SchemaTab({ model }: { model: Model }) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const mayWrite = useMay('code:write')
  const models = useQuery(trpc.models.list.queryOptions({ projectId: project.id }))
  const [drafts, setDrafts] = useState<FieldDraft[]>(() => draftsOf(model.fields))
  const change = useSchemaChange(model)
  const [isRemoving, setRemoving] = useState(false)
  const isChanged = JSON.stringify(drafts.map(({ field }) => field)) !== JSON.stringify(model.fields)
  const fieldErrors = errorsByField(change.error)
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto grid max-w-4xl gap-4 p-4 sm:p-6">
        <FieldsEditor
          drafts={drafts}
          models={models.data ?? []}
          onChange={setDrafts}
          errors={fieldErrors}
          isReadOnly={!mayWrite}
        />
        {change.error && Object.keys(fieldErrors).length === 0 ? <ErrorState error={change.error} /> : null}
        {mayWrite ? (
          <div className="flex items-center gap-2">
            <Button variant="danger" onClick={() => setRemoving(true)}>
              {t('data.removeModel')}
            </Button>
            {isChanged ? (
              <Button variant="ghost" className="ml-auto" onClick={() => setDrafts(draftsOf(model.fields))}>
                {t('action.discard')}
              </Button>
            ) : null}
            <Button className={isChanged ? '' : 'ml-auto'} disabled={!isChanged || change.isPending} onClick={() => change.preview(drafts)}>
              {t('data.saveSchema')}
            </Button>
          </div>
        ) : null}
      </div>
      <LeaveGuard isChanged={isChanged && !isRemoving} />
      {change.impact ? (
        <ImpactDialog impact={change.impact} isPending={change.isPending} onClose={change.cancel} onApply={() => change.apply(drafts)} />
      ) : null}
      {isRemoving ? <RemoveModelDialog model={model} onClose={() => setRemoving(false)} /> : null}
    </div>
  )
}

function useSchemaChange(model: Model) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [impact, setImpact] = useState<Impact | null>(null)
  const update = useMutation(trpc.models.update.mutationOptions({ meta: { showsError: true } }))
  const inputOf = (drafts: readonly FieldDraft[]) => ({
    projectId: project.id,
    model: model.slug,
    version: model.version,
    fields: drafts.map(({ field }) => field),
  })
  const apply = (drafts: readonly FieldDraft[]) =>
    update.mutate(inputOf(drafts), {
      onSuccess: async () => {
        setImpact(null)
        toast.success(t('data.schemaSaved'))
        await queryClient.invalidateQueries({ queryKey: trpc.models.pathKey() })
        await queryClient.invalidateQueries({ queryKey: trpc.records.pathKey() })
      },
    })
  /** A change that touches no record is done at once. */
  const preview = (drafts: readonly FieldDraft[]) =>
    update.mutate(
      { ...inputOf(drafts), dryRun: true },
      { onSuccess: (answer) => (answer.records > 0 && answer.impact.length > 0 ? setImpact(answer) : apply(drafts)) },
    )
  return { impact, preview, apply, cancel: () => setImpact(null), error: update.error, isPending: update.isPending }
}

interface ImpactDialogProps {
  impact: Impact
  isPending: boolean
  onClose: () => void
  onApply: () => void
}

function ImpactDialog({ impact, isPending, onClose, onApply }: ImpactDialogProps) {
  const { t } = useTranslation()
  const isLossy = impact.impact.some(({ breaks, change }) => breaks > 0 || change === 'removed')
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('data.impactTitle', { count: impact.records })}
      description={isLossy ? null : t('data.impactNone')}
      action={t('data.applySchema')}
      isDestructive={isLossy}
      isPending={isPending}
      onConfirm={onApply}
    >
      <ul className="divide-y rounded-md border">
        {impact.impact.map((item) => (
          <li key={`${item.field}:${item.change}`} className="grid gap-0.5 px-3 py-2">
            <span>{t(`data.impact.${item.change}`, { field: item.field })}</span>
            {item.breaks > 0 ? (
              <span className="text-xs text-destructive">
                {t('data.impactBreaks', { count: item.breaks })}
                {item.samples[0] ? `: ${item.samples[0].message}` : ''}
              </span>
            ) : null}
          </li>
        ))}
      </ul>
    </ConfirmDialog>
  )
}

function RemoveModelDialog({ model, onClose }: { model: Model; onClose: () => void }) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const where = { projectId: project.id, model: model.slug }
  const count = useQuery(trpc.records.list.queryOptions({ ...where, pageSize: 1 }))
  const remove = useMutation(
    trpc.models.remove.mutationOptions({
      meta: { showsError: true },
      onSuccess: async () => {
        await navigate({ to: '/projects/$slug/data', params: { slug: project.slug } })
        await queryClient.invalidateQueries({ queryKey: trpc.models.pathKey() })
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('data.removeModelTitle', { name: model.name })}
      description={t('data.removeModelHint', { count: count.data?.total ?? 0 })}
      action={t('data.removeModel')}
      typeToConfirm={model.name}
      isPending={remove.isPending}
      onConfirm={() => remove.mutate(where)}
    >
      {remove.error ? <ErrorState error={remove.error} /> : null}
    </ConfirmDialog>
  )
}
