import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldErrorOf } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { toast } from '@/ui/toaster.tsx'
import type { Branches } from './branch-editor.tsx'
import { removeDraft } from './drafts.ts'
import { SourceSelect, type Source } from './source-select.tsx'

interface DialogProps {
  branches: Branches
  onClose: () => void
}

export function NewBranchDialog({
  from: initial,
  branches,
  onClose,
  onMade,
}: DialogProps & { from: Source; onMade: (name: string) => void }) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [name, setName] = useState('')
  const [from, setFrom] = useState<Source>(initial)
  const create = useMutation(trpc.pipeline.createBranch.mutationOptions({ meta: { showsError: true } }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    create.mutate(
      { projectId: project.id, name: name.trim(), from },
      {
        onSuccess: async (branch) => {
          await queryClient.invalidateQueries({ queryKey: trpc.pipeline.pathKey() })
          onClose()
          onMade(branch.name)
        },
      },
    )
  }
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <DialogHeader title={t('pipeline.newBranch')} />
        <form onSubmit={submit} className="grid gap-4">
          <Field label={t('pipeline.branchName')} error={fieldErrorOf(create.error, 'name')}>
            <Input
              value={name}
              onChange={(event) => setName(event.target.value)}
              maxLength={60}
              placeholder="feature/prices"
              autoComplete="off"
              spellCheck={false}
              autoFocus
              required
            />
          </Field>
          <Field label={t('pipeline.branchFrom')}>
            <SourceSelect value={from} onChange={setFrom} branches={branches} />
          </Field>
          {create.error && !fieldErrorOf(create.error, 'name') ? <ErrorState error={create.error} /> : null}
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline">{t('action.cancel')}</Button>
            </DialogClose>
            <Button type="submit" disabled={!name.trim() || create.isPending}>
              {t('pipeline.createBranch')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

interface ResetProps extends DialogProps {
  branch: string
  isDirty?: boolean
  to?: Source
  /** The editor holds texts of before: it opens the branch anew. */
  onReset?: () => void
}

/** The branch takes over other code; what it had is gone unless it was released. */
export function ResetBranchDialog({
  branch,
  branches,
  isDirty = false,
  to: initial,
  onClose,
  onReset,
}: ResetProps) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [to, setTo] = useState<Source | null>(initial ?? null)
  const reset = useMutation(
    trpc.pipeline.resetBranch.mutationOptions({
      meta: { showsError: true },
      onSuccess: async () => {
        removeDraft(localStorage, project.id, branch)
        await queryClient.invalidateQueries({ queryKey: trpc.pipeline.pathKey() })
        toast.success(t('pipeline.resetDone', { branch }))
        onClose()
        onReset?.()
      },
    }),
  )
  const open = (isOpen: boolean) => !isOpen && onClose()
  return (
    <ConfirmDialog
      open
      onOpenChange={open}
      title={t('pipeline.resetTitle', { branch })}
      description={t(isDirty ? 'pipeline.resetDirtyHint' : 'pipeline.resetHint', { branch })}
      action={t('pipeline.resetAction')}
      isPending={reset.isPending || to === null}
      onConfirm={() => to && reset.mutate({ projectId: project.id, branch, to })}
    >
      <Field label={t('pipeline.resetTo')}>
        <SourceSelect value={to} onChange={setTo} branches={branches} except={branch} />
      </Field>
      {reset.error ? <ErrorState error={reset.error} /> : null}
    </ConfirmDialog>
  )
}

export function RemoveBranchDialog({ branch, branches, onClose }: DialogProps & { branch: string }) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const view = branches.find(({ name }) => name === branch)
  const remove = useMutation(
    trpc.pipeline.removeBranch.mutationOptions({
      meta: { showsError: true },
      onSuccess: async () => {
        removeDraft(localStorage, project.id, branch)
        onClose()
        await navigate({ to: '/projects/$slug/pipeline', params: { slug: project.slug }, search: {} })
        await queryClient.invalidateQueries({ queryKey: trpc.pipeline.pathKey() })
      },
    }),
  )
  return (
    <ConfirmDialog
      open
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={t('pipeline.removeTitle', { branch })}
      description={t('pipeline.removeHint', { count: view?.fileCount ?? 0, revision: view?.revision ?? 0 })}
      action={t('pipeline.removeBranch')}
      typeToConfirm={branch}
      isPending={remove.isPending}
      onConfirm={() => remove.mutate({ projectId: project.id, branch })}
    >
      {remove.error ? <ErrorState error={remove.error} /> : null}
    </ConfirmDialog>
  )
}
