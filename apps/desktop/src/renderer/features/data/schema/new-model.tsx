import type { Field as ModelField, Model, ModelInput } from '@m3m/core/client'
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
import { FieldsEditor } from '../fields-editor.tsx'
import { fieldsOf, modelSlugOf, newDraft, type FieldDraft } from './field-drafts.ts'
import { complaintsByDraft } from './field-errors.ts'
import { ImportDialog } from './import-dialog.tsx'

export function NewModel({ models, onClose }: { models: readonly Model[]; onClose: () => void }) {
  const { t } = useTranslation()
  const project = useProject()
  const [name, setName] = useState('')
  const [typedSlug, setSlug] = useState<string | null>(null)
  const [drafts, setDrafts] = useState<FieldDraft[]>(() =>
    newDrafts([{ key: 'title', type: 'string', required: true }]),
  )
  const [imported, setImported] = useState<ModelInput | null>(null)
  const [isImporting, setImporting] = useState(false)
  const slug = typedSlug ?? modelSlugOf(name)
  const create = useCreate()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate({ ...imported, projectId: project.id, name: name.trim(), slug, fields: fieldsOf(drafts) })
  }
  const { error } = create
  const complaints = complaintsByDraft(error, drafts)
  const isNamed = ['name', 'slug'].some((key) => fieldErrorOf(error, key) !== undefined)
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent className="sm:max-w-3xl">
        <DialogHeader title={t('data.newModel')} />
        <form onSubmit={submit} className="grid gap-4">
          <NameFields name={name} slug={slug} error={error} onName={setName} onSlug={setSlug} />
          <div className="grid gap-1.5">
            <span className="text-sm font-medium">{t('data.fields')}</span>
            <FieldsEditor drafts={drafts} models={models} onChange={setDrafts} complaints={complaints} />
          </div>
          {error && !isNamed && complaints.size === 0 ? <ErrorState error={error} /> : null}
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline">{t('action.cancel')}</Button>
            </DialogClose>
            <Button variant="ghost" className="sm:mr-auto" onClick={() => setImporting(true)}>
              {t('schema.import')}
            </Button>
            <Button type="submit" disabled={!name.trim() || !slug || create.isPending}>
              {t('data.createModel')}
            </Button>
          </DialogFooter>
        </form>
        {isImporting ? (
          <ImportDialog
            saved={[]}
            fallback={{ name: name.trim() || 'Model', slug: slug || 'model' }}
            onClose={() => setImporting(false)}
            onLoad={(schema) => {
              setImported(schema)
              setName(schema.name)
              setSlug(schema.slug)
              setDrafts(newDrafts(schema.fields))
              setImporting(false)
            }}
          />
        ) : null}
      </DialogContent>
    </Dialog>
  )
}

/** Makes the model and goes to it. */
function useCreate() {
  const { slug } = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  return useMutation(
    trpc.models.create.mutationOptions({
      meta: { showsError: true },
      onSuccess: async (model) => {
        await queryClient.invalidateQueries({ queryKey: trpc.models.pathKey() })
        await navigate({
          to: '/projects/$slug/data/$model',
          params: { slug, model: model.slug },
        })
      },
    }),
  )
}

interface NameFieldsProps {
  name: string
  slug: string
  /** Of the answer; what it says of these two is shown here. */
  error: unknown
  onName: (name: string) => void
  onSlug: (slug: string) => void
}

function NameFields({ name, slug, error, onName, onSlug }: NameFieldsProps) {
  const { t } = useTranslation()
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={t('data.modelName')} error={fieldErrorOf(error, 'name')}>
        <Input
          value={name}
          onChange={(event) => onName(event.target.value)}
          maxLength={100}
          required
          autoFocus
          autoComplete="off"
        />
      </Field>
      <Field
        label={t('data.modelSlug')}
        error={fieldErrorOf(error, 'slug')}
        hint={<code>{t('data.modelSlugHint', { slug: slug || '…' })}</code>}
      >
        <Input
          value={slug}
          onChange={(event) => onSlug(event.target.value)}
          maxLength={64}
          required
          spellCheck={false}
          autoComplete="off"
          className="font-mono text-xs"
        />
      </Field>
    </div>
  )
}

/** Of a new model every field is new, also one that has an id elsewhere. */
function newDrafts(fields: readonly ModelField[]): FieldDraft[] {
  return fields.reduce<FieldDraft[]>(
    (drafts, { id: _foreign, ...field }) => [...drafts, newDraft(drafts, field)],
    [],
  )
}
