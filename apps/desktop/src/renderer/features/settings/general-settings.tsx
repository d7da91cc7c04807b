import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError, fieldErrorOf, hasErrorCode } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useUnsaved } from '@/app/leave/unsaved.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { Switch } from '@/ui/checkbox.tsx'
import { ColorPicker } from '@/ui/color-picker.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { Label } from '@/ui/label.tsx'
import { Section } from '@/ui/page.tsx'
import { toast } from '@/ui/toaster.tsx'

/** Name, address, colour, and what happens at a restart. */
export function GeneralSettings() {
  const { t } = useTranslation()
  const form = useSettingsForm()
  const { draft, set, update } = form
  const slugError =
    fieldErrorOf(update.error, 'slug') ??
    (hasErrorCode(update.error, 'PROJECT_SLUG_TAKEN') ? describeError(update.error).message : undefined)
  const nameError = fieldErrorOf(update.error, 'name')
  return (
    <Section title={t('settings.general')}>
      <form onSubmit={form.submit}>
        <div className="grid gap-4 p-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t('projects.field.name')} error={nameError}>
              <Input
                value={draft.name}
                onChange={(event) => set({ name: event.target.value })}
                maxLength={80}
                required
              />
            </Field>
            <Field
              label={t('projects.field.slug')}
              error={slugError}
              hint={form.isSlugChanged ? t('settings.slugHint') : <code>/r/{draft.slug}/</code>}
            >
              <Input
                value={draft.slug}
                onChange={(event) => set({ slug: event.target.value })}
                maxLength={63}
                spellCheck={false}
                required
                className="font-mono text-xs"
              />
            </Field>
          </div>
          <div className="grid gap-1.5">
            <Label asSpan>{t('projects.field.color')}</Label>
            <ColorPicker
              value={draft.color}
              onChange={(color) => set({ color })}
              aria-label={t('projects.field.color')}
            />
          </div>
          <Toggle
            label={t('settings.autoStart')}
            hint={t('settings.autoStartHint')}
            isOn={draft.autoStart}
            onChange={(autoStart) => set({ autoStart })}
          />
          <Toggle
            label={t('settings.rollback')}
            hint={t('settings.rollbackHint')}
            isOn={draft.rollback}
            onChange={(rollback) => set({ rollback })}
          />
          {update.error && !slugError && !nameError ? <ErrorState error={update.error} /> : null}
        </div>
        <footer className="flex justify-end border-t px-4 py-2.5">
          <Button type="submit" disabled={!form.isChanged || update.isPending}>
            {t('settings.save')}
          </Button>
        </footer>
      </form>
    </Section>
  )
}

interface ToggleProps {
  label: string
  hint: string
  isOn: boolean
  onChange: (isOn: boolean) => void
}

function Toggle({ label, hint, isOn, onChange }: ToggleProps) {
  return (
    <label className="flex items-start gap-3">
      <Switch checked={isOn} onCheckedChange={onChange} className="mt-0.5" aria-label={label} />
      <span>
        <span className="block font-medium">{label}</span>
        <span className="block text-xs text-muted-foreground">{hint}</span>
      </span>
    </label>
  )
}

function useSettingsForm() {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const { name, slug, color } = project
  const { autoStart, rollback } = project.settings
  const saved = { name, slug, color, autoStart, rollback }
  const [draft, setDraft] = useState(saved)
  const isChanged = JSON.stringify(draft) !== JSON.stringify(saved)
  useUnsaved(isChanged)
  const update = useMutation(
    trpc.projects.update.mutationOptions({
      meta: { showsError: true },
      onSuccess: async (next) => {
        queryClient.setQueryData(trpc.projects.get.queryKey({ slug: next.slug }), next)
        toast.success(t('settings.saved'))
        if (next.slug !== slug)
          await navigate({
            to: '/projects/$slug/settings',
            params: { slug: next.slug },
            replace: true,
            ignoreBlocker: true,
          })
        await queryClient.invalidateQueries({ queryKey: trpc.projects.pathKey() })
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    update.mutate({
      projectId: project.id,
      name: draft.name.trim(),
      color: draft.color,
      ...(draft.slug !== slug && { slug: draft.slug.trim() }),
      settings: { autoStart: draft.autoStart, rollback: draft.rollback },
    })
  }
  return {
    draft,
    set: (change: Partial<typeof saved>) => setDraft({ ...draft, ...change }),
    update,
    submit,
    isSlugChanged: draft.slug !== slug,
    isChanged,
  }
}
