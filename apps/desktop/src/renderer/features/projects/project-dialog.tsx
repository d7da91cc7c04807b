import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useDeferredValue, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError, fieldErrorOf, hasErrorCode } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { ColorPicker } from '@/ui/color-picker.tsx'
import { COLORS, type Color } from '@/ui/colors.ts'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { Label } from '@/ui/label.tsx'
import { ProjectTile } from '@/ui/project-tile.tsx'
import { slugOf } from './slug.ts'
import { StarterChoice, StarterNotes, starterTexts, type Starter } from './starter-choice.tsx'

/** A new project: what it begins as, name, the address it will answer under, a colour. Then the editor opens. */
export function ProjectDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const form = useProjectForm()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    form.submit(({ slug }) => void navigate({ to: '/projects/$slug/pipeline', params: { slug } }))
  }
  const { error } = form
  const nameError = fieldErrorOf(error, 'name')
  const slugError =
    fieldErrorOf(error, 'slug') ??
    (hasErrorCode(error, 'PROJECT_SLUG_TAKEN') ? describeError(error).message : undefined)
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent className="sm:max-w-3xl">
        <DialogHeader title={t('projects.new')} description={t('projects.newHint')} />
        <form onSubmit={submit} className="grid gap-5">
          <div className="grid gap-5 sm:grid-cols-2">
            <StarterChoice value={form.starter?.slug ?? null} onChange={form.setStarter} />
            <div className="grid content-start gap-4">
              <div className="flex items-end gap-3">
                <ProjectTile name={form.name || '·'} color={form.color} size="md" />
                <Field label={t('projects.field.name')} error={nameError} className="flex-1">
                  <Input
                    value={form.name}
                    onChange={(event) => form.setName(event.target.value)}
                    maxLength={80}
                    autoComplete="off"
                    autoFocus
                    required
                  />
                </Field>
              </div>
              <Field
                label={t('projects.field.slug')}
                error={slugError}
                hint={<code className="break-all">/r/{form.slug || '…'}/</code>}
              >
                <Input
                  value={form.slug}
                  onChange={(event) => form.setSlug(event.target.value)}
                  maxLength={63}
                  autoComplete="off"
                  spellCheck={false}
                  className="font-mono text-xs"
                />
              </Field>
              <div className="grid gap-1.5">
                <Label asSpan>{t('projects.field.color')}</Label>
                <ColorPicker
                  value={form.color}
                  onChange={form.setColor}
                  aria-label={t('projects.field.color')}
                />
              </div>
              {form.starter ? <StarterNotes starter={form.starter} /> : null}
            </div>
          </div>
          {error && !nameError && !slugError ? <ErrorState error={error} /> : null}
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline">{t('action.cancel')}</Button>
            </DialogClose>
            <Button type="submit" disabled={!form.name.trim() || form.isPending}>
              {t('projects.create')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

/** The slug follows the name until it is typed by hand; the name follows the starter likewise. */
function useProjectForm() {
  const { i18n } = useTranslation()
  const [typedName, setName] = useState<string | null>(null)
  const [typedSlug, setSlug] = useState<string | null>(null)
  const [starter, setStarter] = useState<Starter | null>(null)
  const [color, setColor] = useState<Color | null>(() => COLORS[Math.floor(Math.random() * COLORS.length)]!)
  const name = typedName ?? (starter ? starterTexts(starter, i18n.language).title : '')
  const suggested = useSuggestedSlug(name, typedSlug === null)
  const { create, createFromStarter } = useCreation()
  const { error, isPending } = starter ? createFromStarter : create
  const input = { name: name.trim(), color, ...(typedSlug ? { slug: typedSlug } : {}) }
  const submit = (onSuccess: (made: { slug: string }) => void) =>
    starter
      ? createFromStarter.mutate({ ...input, starter: starter.slug }, { onSuccess })
      : create.mutate(input, { onSuccess })
  return {
    name,
    setName,
    slug: typedSlug ?? suggested,
    setSlug,
    color,
    setColor,
    starter,
    setStarter,
    error,
    isPending,
    submit,
  }
}

function useCreation() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const options = {
    meta: { showsError: true },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.projects.list.queryKey() }),
  }
  return {
    create: useMutation(trpc.projects.create.mutationOptions(options)),
    createFromStarter: useMutation(trpc.starters.createProject.mutationOptions(options)),
  }
}

/** A free slug for the name; `slugOf` stands in until the agent has answered. */
function useSuggestedSlug(name: string, isWanted: boolean): string {
  const trpc = useTRPC()
  const asked = useDeferredValue(name.trim())
  const suggestion = useQuery(
    trpc.projects.suggestSlug.queryOptions(
      { name: asked },
      { enabled: asked.length > 0 && isWanted, placeholderData: keepPreviousData, staleTime: 10_000 },
    ),
  )
  return name.trim() ? (suggestion.data?.slug ?? slugOf(name)) : ''
}
