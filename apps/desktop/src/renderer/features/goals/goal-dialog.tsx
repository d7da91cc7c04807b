import { RadioGroup } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { describeError, fieldErrorOf, hasErrorCode } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { Button } from '@/ui/button.tsx'
import { ColorPicker } from '@/ui/color-picker.tsx'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input, Textarea } from '@/ui/input.tsx'
import { Label } from '@/ui/label.tsx'
import { incrementLine } from './goal-slugs.ts'
import { useGoalForm, type GoalForm } from './use-goal-form.ts'
import type { Goal } from '@/app/goals/use-goals.ts'
import { WriterFields } from './writer-fields.tsx'

export interface GoalDialogProps {
  /** The goal to edit; without it a new one is made. */
  goal?: Goal
  isGlobal?: boolean
  /** Every goal beside it: slugs and colours that are taken, and those a short slug would mean instead. */
  usable: readonly Goal[]
  onClose: () => void
}

/** A new goal, or name, slug, colour, description and writers of one. */
export function GoalDialog({ goal, isGlobal = false, usable, onClose }: GoalDialogProps) {
  const { t } = useTranslation()
  const form = useGoalForm({ ...(goal && { goal }), isGlobal, usable, onClose })
  const { error } = form
  const fieldError = (field: string) => fieldErrorOf(error, field)
  const slugError =
    fieldError('slug') ?? (hasErrorCode(error, 'GOAL_SLUG_TAKEN') ? describeError(error).message : undefined)
  const isPlaced = slugError !== undefined || fieldError('name') || fieldError('description')
  const title = goal
    ? t('goals.editTitle', { name: goal.name })
    : t(isGlobal ? 'goals.newGlobal' : 'goals.new')
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent className="sm:max-w-lg">
        <DialogHeader title={title} />
        <form onSubmit={form.submit} className="grid gap-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t('goals.field.name')} error={fieldError('name')}>
              <Input
                value={form.name}
                onChange={(event) => form.setName(event.target.value)}
                maxLength={100}
                autoComplete="off"
                autoFocus
                required
              />
            </Field>
            <SlugField form={form} error={slugError} />
          </div>
          <TypeField form={form} isFixed={goal !== undefined} />
          <div className="grid gap-1.5">
            <Label asSpan>{t('goals.field.color')}</Label>
            <ColorPicker value={form.color} onChange={form.setColor} aria-label={t('goals.field.color')} />
          </div>
          <Field label={t('goals.field.description')} error={fieldError('description')}>
            <Textarea
              rows={2}
              value={form.description}
              onChange={(event) => form.setDescription(event.target.value)}
              maxLength={1_000}
            />
          </Field>
          {isGlobal ? <WriterFields chosen={form.projects} onChange={form.setProjects} /> : null}
          {error && !isPlaced ? <ErrorState error={error} /> : null}
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline">{t('action.cancel')}</Button>
            </DialogClose>
            <Button type="submit" disabled={!form.isComplete || form.isPending}>
              {t(goal ? 'goals.save' : 'goals.create')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

function SlugField({ form, error }: { form: GoalForm; error: string | undefined }) {
  const { t } = useTranslation()
  const problem = form.slug && !form.isSlugFit ? t('goals.slugProblem') : undefined
  return (
    <Field
      label={t('goals.field.slug')}
      error={problem ?? error}
      hint={
        form.isSlugChanged ? (
          t('goals.slugBreaks')
        ) : (
          <code className="wrap-anywhere">{incrementLine(form.codeSlug || '…')}</code>
        )
      }
    >
      <Input
        value={form.slug}
        onChange={(event) => form.setSlug(event.target.value)}
        maxLength={60}
        autoComplete="off"
        spellCheck={false}
        required
        className="font-mono text-xs"
      />
    </Field>
  )
}

const TYPES = ['counter', 'daily'] as const

function TypeField({ form, isFixed }: { form: GoalForm; isFixed: boolean }) {
  const { t } = useTranslation()
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 text-sm font-medium">{t('goals.field.type')}</legend>
      <RadioGroup.Root
        value={form.type}
        onValueChange={(next) => form.setType(next as (typeof TYPES)[number])}
        disabled={isFixed}
        aria-label={t('goals.field.type')}
        className="grid grid-cols-2 gap-1.5"
      >
        {TYPES.map((type) => (
          <RadioGroup.Item
            key={type}
            value={type}
            aria-label={t(`goals.type.${type}`)}
            className="grid gap-0.5 rounded-md border border-input px-2.5 py-1.5 text-left hover:bg-accent disabled:opacity-60 data-[state=checked]:border-foreground data-[state=checked]:bg-accent"
          >
            <span className="text-sm font-medium">{t(`goals.type.${type}`)}</span>
            <span className="text-xs text-muted-foreground">{t(`goals.typeHint.${type}`)}</span>
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      {isFixed ? <p className="text-xs text-muted-foreground">{t('goals.typeStays')}</p> : null}
    </fieldset>
  )
}
