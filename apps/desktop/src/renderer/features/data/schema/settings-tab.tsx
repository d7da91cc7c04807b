import type { Model, ModelChanges } from '@m3m/core/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldErrorOf } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { LeaveGuard } from '@/app/leave/leave-guard.tsx'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { Switch } from '@/ui/checkbox.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { sameValue } from '../form/same-value.ts'
import { labelKeyOf } from '../record-label.ts'
import { useSchemaChange } from './use-schema-change.ts'

interface Settings {
  name: string
  slug: string
  revisions: boolean
  /** `null`: removed records are gone at once. */
  trashDays: number | null
  label: string | null
}

const settingsOf = (model: Model): Settings => ({
  name: model.name,
  slug: model.slug,
  revisions: model.revisions,
  trashDays: model.trash?.days ?? null,
  label: model.table.label ?? null,
})

/** What a model is called, what it keeps of its records, and its end. */
export function SettingsTab({ model }: { model: Model }) {
  const { t } = useTranslation()
  const project = useProject()
  const navigate = useNavigate()
  const mayWrite = useMay('code:write')
  const [settings, setSettings] = useState(() => settingsOf(model))
  const [isRemoving, setRemoving] = useState(false)
  const isChanged = !sameValue(settings, settingsOf(model))
  const change = useSchemaChange(model, (saved) => {
    setSettings(settingsOf(saved))
    if (saved.slug !== model.slug)
      void navigate({
        to: '/projects/$slug/data/$model',
        params: { slug: project.slug, model: saved.slug },
        search: { tab: 'settings' },
        ignoreBlocker: true,
      })
  })
  const set = (part: Partial<Settings>) => setSettings({ ...settings, ...part })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.apply(changesOf(model, settings))
  }
  const isNamed = ['name', 'slug'].some((key) => fieldErrorOf(change.error, key) !== undefined)
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <form onSubmit={submit} className="mx-auto grid max-w-3xl gap-6 p-4 sm:p-6">
        <fieldset disabled={!mayWrite} className="grid gap-6">
          <Naming model={model} settings={settings} onChange={set} error={change.error} />
          <Keeping settings={settings} onChange={set} />
          <Showing model={model} settings={settings} onChange={set} />
          {change.error && !isNamed ? <ErrorState error={change.error} /> : null}
          {mayWrite ? (
            <div className="flex gap-2">
              <Button type="submit" disabled={!isChanged || change.isPending || !settings.name.trim()}>
                {t('schema.saveSettings')}
              </Button>
              {isChanged ? (
                <Button variant="ghost" onClick={() => setSettings(settingsOf(model))}>
                  {t('action.discard')}
                </Button>
              ) : null}
            </div>
          ) : null}
        </fieldset>
        {mayWrite ? (
          <Row title={t('data.removeModel')} hint={t('schema.removeHint')}>
            <Button variant="danger" onClick={() => setRemoving(true)}>
              {t('data.removeModel')}
            </Button>
          </Row>
        ) : null}
      </form>
      <LeaveGuard isChanged={isChanged && !isRemoving} />
      {isRemoving ? <RemoveModelDialog model={model} onClose={() => setRemoving(false)} /> : null}
    </div>
  )
}

function Naming({ model, settings, onChange, error }: PartProps & { model: Model; error: unknown }) {
  const { t } = useTranslation()
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={t('data.modelName')} error={fieldErrorOf(error, 'name')}>
        <Input
          value={settings.name}
          maxLength={100}
          required
          autoComplete="off"
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </Field>
      <Field
        label={t('data.modelSlug')}
        error={fieldErrorOf(error, 'slug')}
        hint={settings.slug === model.slug ? <code>database.{model.slug}</code> : t('schema.slugHint')}
      >
        <Input
          value={settings.slug}
          maxLength={64}
          required
          spellCheck={false}
          className="font-mono text-xs"
          onChange={(event) => onChange({ slug: event.target.value })}
        />
      </Field>
    </div>
  )
}

function changesOf(model: Model, { name, slug, revisions, trashDays, label }: Settings): ModelChanges {
  const { label: _label, ...table } = model.table
  return {
    name: name.trim(),
    slug,
    revisions,
    trash: trashDays === null ? null : { days: trashDays },
    table: { ...table, ...(label !== null && { label }) },
  }
}

function Row({ title, hint, children }: { title: string; hint: ReactNode; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t pt-4">
      <div className="grid min-w-52 flex-1 gap-0.5">
        <span className="text-sm font-medium">{title}</span>
        <span className="text-xs text-muted-foreground">{hint}</span>
      </div>
      {children}
    </div>
  )
}

interface PartProps {
  settings: Settings
  onChange: (part: Partial<Settings>) => void
}

const DEFAULT_DAYS = 30
const MOST_DAYS = 3650

function Keeping({ settings, onChange }: PartProps) {
  const { t } = useTranslation()
  const { revisions, trashDays } = settings
  return (
    <>
      <Row title={t('record.revisions')} hint={t('schema.revisionsHint')}>
        <Switch
          checked={revisions}
          onCheckedChange={(isOn) => onChange({ revisions: isOn })}
          aria-label={t('record.revisions')}
        />
      </Row>
      <Row title={t('trash.title')} hint={t('schema.trashHint')}>
        {trashDays === null ? null : (
          <label className="flex items-center gap-2 text-sm text-muted-foreground">
            <Input
              value={String(trashDays)}
              inputMode="numeric"
              aria-label={t('schema.trashDays')}
              className="w-16 text-right font-mono text-xs tabular"
              onChange={(event) => {
                const days = Number(event.target.value.replace(/\D/g, ''))
                onChange({ trashDays: Math.min(Math.max(days, 1), MOST_DAYS) })
              }}
            />
            {t('schema.days')}
          </label>
        )}
        <Switch
          checked={trashDays !== null}
          onCheckedChange={(isOn) => onChange({ trashDays: isOn ? DEFAULT_DAYS : null })}
          aria-label={t('trash.title')}
        />
      </Row>
    </>
  )
}

/** Radix gives no item an empty value. */
const AUTOMATIC = '\u0000'

function Showing({ model, settings, onChange }: PartProps & { model: Model }) {
  const { t } = useTranslation()
  const labels = model.fields.filter(({ type }) =>
    ['string', 'text', 'email', 'url', 'select', 'number', 'float'].includes(type),
  )
  return (
    <Row title={t('schema.label')} hint={t('schema.labelHint')}>
      <Select
        value={settings.label ?? AUTOMATIC}
        onValueChange={(next) => onChange({ label: next === AUTOMATIC ? null : next })}
      >
        <SelectTrigger className="w-56" aria-label={t('schema.label')}>
          <SelectValue />
        </SelectTrigger>
        <SelectContent>
          <SelectItem value={AUTOMATIC} className="text-muted-foreground">
            {t('schema.automatic', { key: labelKeyOf({ fields: model.fields, table: {} }) ?? 'id' })}
          </SelectItem>
          {labels.map(({ key }) => (
            <SelectItem key={key} value={key}>
              {key}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
    </Row>
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
