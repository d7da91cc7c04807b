import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { RadioGroup } from 'radix-ui'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Textarea } from '@/ui/input.tsx'
import { TAG_ICONS, TAG_TINTS } from '@/ui/run-badges.tsx'
import { toast } from '@/ui/toaster.tsx'
import { nextVersion } from './versions.ts'

const TAGS = ['stable', 'hot-fix', 'night-build', 'develop'] as const
const BUMPS = ['minor', 'major'] as const
type Tag = (typeof TAGS)[number]
type Bump = (typeof BUMPS)[number]

interface ReleaseDialogProps {
  branch: string
  /** Saves what is in the editor before it is released; null when all is saved. */
  saveFirst: (() => Promise<unknown>) | null
  onClose: () => void
  onReleased: () => void
}

/** What stands in the branch becomes a version that never changes. */
export function ReleaseDialog({ branch, saveFirst, onClose, onReleased }: ReleaseDialogProps) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const client = useMutation(trpc.pipeline.createRelease.mutationOptions({ meta: { showsError: true } }))
  const releases = useQuery(trpc.pipeline.releases.queryOptions({ projectId: project.id }))
  const [bump, setBump] = useState<Bump>('minor')
  const [tag, setTag] = useState<Tag>('stable')
  const [comment, setComment] = useState('')
  const versions = releases.data?.map(({ version }) => version) ?? []
  const version = nextVersion(versions, bump)
  // The first release is 1.0 either way: a choice between the two would only puzzle.
  const bumps = versions.length > 0 ? BUMPS : BUMPS.filter((option) => option === bump)
  const release = useMutation({
    meta: { showsError: true },
    mutationFn: async () => {
      if (saveFirst) await saveFirst()
      return client.mutateAsync({ projectId: project.id, branch, bump, tag, comment: comment.trim() })
    },
    onSuccess: async (made) => {
      await queryClient.invalidateQueries({ queryKey: trpc.pipeline.pathKey() })
      toast.success(t('pipeline.released', { version: made.version }))
      onClose()
      onReleased()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    release.mutate()
  }
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent className="sm:max-w-lg">
        <DialogHeader
          title={t('pipeline.releaseTitle', { version })}
          description={t(saveFirst ? 'pipeline.releaseSavesFirst' : 'pipeline.releaseHint', { branch })}
        />
        <form onSubmit={submit} className="grid gap-4">
          <div className="grid gap-4 sm:grid-cols-[10rem_1fr]">
            <Choice label={t('pipeline.version')} value={bump} onChange={setBump} options={bumps}>
              {(option) => (
                <>
                  {t(`pipeline.bump.${option}`)}
                  <code className="ml-auto text-muted-foreground">{nextVersion(versions, option)}</code>
                </>
              )}
            </Choice>
            <Choice label={t('pipeline.tag')} value={tag} onChange={setTag} options={TAGS} columns>
              {(option) => <TagOption tag={option} />}
            </Choice>
          </div>
          <Field label={t('pipeline.comment')}>
            <Textarea
              value={comment}
              onChange={(event) => setComment(event.target.value)}
              maxLength={2_000}
              rows={3}
              placeholder={t('pipeline.commentHint')}
              autoFocus
            />
          </Field>
          {release.error ? <ErrorState error={release.error} /> : null}
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline">{t('action.cancel')}</Button>
            </DialogClose>
            <Button type="submit" disabled={release.isPending || releases.isPending}>
              {t('pipeline.releaseAction', { version })}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

function TagOption({ tag }: { tag: Tag }) {
  const Icon = TAG_ICONS[tag]
  return (
    <>
      <Icon className="size-3.5" style={{ color: `var(${TAG_TINTS[tag]})` }} /> {tag}
    </>
  )
}

interface ChoiceProps<T extends string> {
  label: string
  value: T
  onChange: (value: T) => void
  options: readonly T[]
  columns?: boolean
  children: (option: T) => React.ReactNode
}

function Choice<T extends string>({ label, value, onChange, options, columns, children }: ChoiceProps<T>) {
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 text-sm font-medium">{label}</legend>
      <RadioGroup.Root
        value={value}
        onValueChange={(next) => onChange(next as T)}
        aria-label={label}
        className={cn('grid gap-1.5', columns && 'grid-cols-2')}
      >
        {options.map((option) => (
          <RadioGroup.Item
            key={option}
            value={option}
            aria-label={option}
            className="flex h-8 items-center gap-2 rounded-md border border-input px-2.5 text-sm hover:bg-accent data-[state=checked]:border-foreground data-[state=checked]:bg-accent"
          >
            {children(option)}
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
    </fieldset>
  )
}
