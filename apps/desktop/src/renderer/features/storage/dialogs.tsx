import { revealedText } from '@m3m/core/client'
import type { StoredEntry } from '@m3m/core/client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { formatBytes } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { ConfirmDialog } from '@/ui/confirm-dialog.tsx'
import { Dialog, DialogClose, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'

interface NameDialogProps {
  title: string
  label: string
  hint?: string
  action: string
  initial: string
  /** A path may be empty and hold slashes. */
  isPath?: boolean
  /** Answers when it is done; what it throws is shown here. */
  onDone: (name: string) => Promise<void>
  onClose: () => void
}

/** One line to type: a name, or the path of a folder. */
export function NameDialog({
  title,
  label,
  hint,
  action,
  initial,
  isPath,
  onDone,
  onClose,
}: NameDialogProps) {
  const { t } = useTranslation()
  const [name, setName] = useState(initial)
  const [isPending, setPending] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const submit = async () => {
    setPending(true)
    try {
      await onDone(isPath ? name.trim().replace(/^\/+|\/+$/g, '') : name.trim())
      onClose()
    } catch (thrown) {
      setError(thrown)
      setPending(false)
    }
  }
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <DialogHeader title={title} />
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            void submit()
          }}
        >
          <Field label={label} hint={hint}>
            <Input
              value={name}
              maxLength={isPath ? 1_024 : 255}
              autoComplete="off"
              spellCheck={false}
              autoFocus
              onFocus={(event) => {
                // The ending stays: one renames the file, not its type.
                const dot = isPath ? -1 : initial.lastIndexOf('.')
                event.target.setSelectionRange(0, dot > 0 ? dot : initial.length)
              }}
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
          {error ? <ErrorState error={error} /> : null}
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline">{t('action.cancel')}</Button>
            </DialogClose>
            <Button type="submit" disabled={isPending || (!isPath && name.trim() === '')}>
              {action}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

interface RemoveDialogProps {
  projectId: string
  entries: readonly StoredEntry[]
  isPending: boolean
  onConfirm: () => void
  onClose: () => void
}

/** Says what goes and how much: counted by the agent. */
export function RemoveDialog({ projectId, entries, isPending, onConfirm, onClose }: RemoveDialogProps) {
  const { t, i18n } = useTranslation()
  const trpc = useTRPC()
  const paths = entries.map(({ path }) => path)
  const measure = useQuery(trpc.storage.measure.queryOptions({ projectId, paths }, { staleTime: 0 }))
  const found = measure.data
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('storage.removeTitle', { count: entries.length, name: revealedText(entries[0]?.name ?? '') })}
      description={
        found
          ? t('storage.removeWhat', {
              what: [
                found.files > 0 && t('storage.filesCount', { count: found.files }),
                found.folders > 0 && t('storage.foldersCount', { count: found.folders }),
                found.isCut && t('storage.andMore'),
              ]
                .filter(Boolean)
                .join(', '),
              size: formatBytes(found.sizeBytes, i18n.language),
            })
          : t('storage.removeCounting')
      }
      action={t('storage.remove')}
      isPending={isPending}
      onConfirm={onConfirm}
    />
  )
}
