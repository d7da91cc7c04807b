import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { urlOf } from '@/app/connection/connection.ts'
import { describeError, fieldErrorOf, hasErrorCode, OFFLINE } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { discardParts, sendInParts } from '@/app/files/send-in-parts.ts'
import { usePanel } from '@/app/session/panel.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { formatBytes } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { Checkbox } from '@/ui/checkbox.tsx'
import { Dialog, DialogContent, DialogFooter, DialogHeader } from '@/ui/dialog.tsx'
import { Field } from '@/ui/field.tsx'
import { Input } from '@/ui/input.tsx'
import { ProgressBar } from '@/ui/progress-bar.tsx'
import { toast } from '@/ui/toaster.tsx'

/** A project from a file that "Export project" or `m3m-agent export` wrote. It comes whole or not at all. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [file, setFile] = useState<File | null>(null)
  const [slug, setSlug] = useState('')
  const [name, setName] = useState('')
  const [withoutSecrets, setWithoutSecrets] = useState(false)
  const form = useImport()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!file) return
    form.mutate(
      { file, slug: slug.trim(), name: name.trim(), withoutSecrets },
      {
        onSuccess: (made) => {
          toast.success(t('moving.imported', { name: made.name }))
          void navigate({ to: '/projects/$slug', params: { slug: made.slug } })
        },
      },
    )
  }
  const { error, isPending, sentBytes } = form
  const isSlugTaken = hasErrorCode(error, 'PROJECT_SLUG_TAKEN')
  const slugError = isSlugTaken ? describeError(error).message : fieldErrorOf(error, 'slug')
  return (
    <Dialog open onOpenChange={isPending ? () => {} : onClose}>
      <DialogContent>
        <DialogHeader title={t('moving.import')} description={t('moving.importHint')} />
        <form onSubmit={submit} className="grid gap-4">
          <Field label={t('moving.file')}>
            <Input
              type="file"
              accept=".zst"
              required
              disabled={isPending}
              onChange={(event) => setFile(event.target.files?.[0] ?? null)}
            />
          </Field>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t('projects.field.name')} hint={t('moving.asExported')}>
              <Input
                value={name}
                maxLength={80}
                disabled={isPending}
                onChange={(event) => setName(event.target.value)}
              />
            </Field>
            <Field label={t('projects.field.slug')} hint={t('moving.asExported')} error={slugError}>
              <Input
                value={slug}
                maxLength={63}
                spellCheck={false}
                disabled={isPending}
                className="font-mono text-xs"
                onChange={(event) => setSlug(event.target.value)}
              />
            </Field>
          </div>
          {withoutSecrets || hasErrorCode(error, 'PROJECT_IMPORT_WRONG_KEY') ? (
            <WithoutSecrets isOn={withoutSecrets} onChange={setWithoutSecrets} />
          ) : null}
          {isPending && file ? <ImportProgress sentBytes={sentBytes} sizeBytes={file.size} /> : null}
          {error && !slugError ? <ErrorState error={error} /> : null}
          {hasErrorCode(error, OFFLINE) ? (
            <p className="text-xs text-muted-foreground">{t('moving.goesOn')}</p>
          ) : null}
          <DialogFooter>
            {/* Works while the file is sent, too: closed, it is cut off, and nothing of it stays. */}
            <Button variant="outline" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" disabled={!file || isPending}>
              {t('moving.importAction')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}

/** Offered when the secrets of the file are sealed with another agent's key. */
function WithoutSecrets({ isOn, onChange }: { isOn: boolean; onChange: (isOn: boolean) => void }) {
  const { t } = useTranslation()
  return (
    <label className="flex items-start gap-2 text-sm">
      <Checkbox className="mt-0.5" checked={isOn} onCheckedChange={(checked) => onChange(checked === true)} />
      {t('moving.withoutSecrets')}
    </label>
  )
}

/** How much of the file is there; then the agent takes it in, which has no measure. */
function ImportProgress({ sentBytes, sizeBytes }: { sentBytes: number; sizeBytes: number }) {
  const { t, i18n } = useTranslation()
  const amounts = {
    done: formatBytes(sentBytes, i18n.language),
    total: formatBytes(sizeBytes, i18n.language),
  }
  return (
    <div className="grid gap-1.5" role="status">
      <p className="text-xs text-muted-foreground tabular">
        {sentBytes >= sizeBytes ? t('moving.takingIn') : t('moving.sending', amounts)}
      </p>
      <ProgressBar share={sizeBytes > 0 ? sentBytes / sizeBytes : 0} label={t('moving.import')} />
    </div>
  )
}

interface ImportOrder {
  file: File
  /** Empty: as in the export. */
  slug: string
  name: string
  withoutSecrets: boolean
}

/**
 * Sends the file and waits until the agent has taken it in; closing the dialog ends both. After a line that was cut
 * the same file goes on where it stopped, also when the page was loaded anew.
 */
function useImport() {
  const { connection } = usePanel()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [sentBytes, setSentBytes] = useState(0)
  const ending = useRef<AbortController>(null)
  useEffect(() => () => ending.current?.abort(new DOMException('closed', 'AbortError')), [])
  const mutation = useMutation({
    meta: { showsError: true },
    mutationFn: async ({ file, slug, name, withoutSecrets }: ImportOrder) => {
      ending.current = new AbortController()
      setSentBytes(0)
      const query = new URLSearchParams({
        ...(slug && { slug }),
        ...(name && { name }),
        ...(withoutSecrets && { withoutSecrets: 'true' }),
      })
      const url = urlOf(connection, `/files/imports?${query}`)
      const { signal } = ending.current
      const headers = { 'content-type': 'application/zstd' }
      try {
        const answer = await sendInParts(connection, {
          url,
          file,
          headers,
          signal,
          onProgress: setSentBytes,
        })
        return answer as { name: string; slug: string }
      } catch (error) {
        if (signal.aborted) await discardParts(connection, { url, file }).catch(() => {})
        throw error
      }
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.projects.pathKey() }),
  })
  return { ...mutation, sentBytes }
}
