import type { Model } from '@m3m/core/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldErrorOf } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { draftsOf, modelSlugOf, type FieldDraft } from './field-drafts.ts'
import { errorsByField } from './field-errors.ts'
import { FieldsEditor } from './fields-editor.tsx'

export function NewModelDialog({ models, onClose }: { models: readonly Model[]; onClose: () => void }) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [typedSlug, setSlug] = useState<string | null>(null)
  const [drafts, setDrafts] = useState<FieldDraft[]>(() => draftsOf([{ key: 'title', type: 'string', required: true }]))
  const slug = typedSlug ?? modelSlugOf(name)
  const create = useMutation(
    trpc.models.create.mutationOptions({
      meta: { showsError: true },
      onSuccess: async (model) => {
        await queryClient.invalidateQueries({ queryKey: trpc.models.pathKey() })
        await navigate({ to: '/projects/$slug/data/$model', params: { slug: project.slug, model: model.slug } })
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate({ projectId: project.id, name: name.trim(), slug, fields: drafts.map(({ field }) => field) })
  }
  const { error } = create
  const fieldErrors = errorsByField(error)
  const nameError = fieldErrorOf(error, 'name')
  const slugError = fieldErrorOf(error, 'slug')
  const isTold = nameError !== undefined || slugError !== undefined || Object.keys(fieldErrors).length > 0
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent className="sm:max-w-3xl">
        <DialogHeader title={t('data.newModel')} />
        <form onSubmit={submit} className="grid gap-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t('data.modelName')} error={nameError}>
              <Input value={name} onChange={(event) => setName(event.target.value)} maxLength={100} required autoFocus autoComplete="off" />
            </Field>
            <Field label={t('data.modelSlug')} error={slugError} hint={<code>{t('data.modelSlugHint', { slug: slug || '…' })}</code>}>
              <Input
                value={slug}
                onChange={(event) => setSlug(event.target.value)}
                maxLength={64}
                required
                spellCheck={false}
                autoComplete="off"
                className="font-mono text-xs"
              />
            </Field>
          </div>
          <div className="grid gap-1.5">
            <span className="text-sm font-medium">{t('data.fields')}</span>
            <FieldsEditor drafts={drafts} models={models} onChange={setDrafts} errors={fieldErrors} />
          </div>
          {error && !isTold ? <ErrorState error={error} /> : null}
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline">{t('action.cancel')}</Button>
            </DialogClose>
            <Button type="submit" disabled={!name.trim() || !slug || create.isPending}>
              {t('data.createModel')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}
