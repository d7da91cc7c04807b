import { revealedText } from '@m3m/core/client'
import type { StoredEntry } from '@m3m/core/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { hasErrorCode } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { LeaveGuard } from '@/app/leave/leave-guard.tsx'
import { useIsDark } from '@/app/theme/theme.ts'
import { useTRPC, useTRPCClient, type Outputs } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { toast } from '@/ui/toaster.tsx'
import { useShortcut } from '@/ui/use-shortcut.ts'

const CodeText = lazy(() => import('./code-text.tsx').then((m) => ({ default: m.CodeText })))
const DiffView = lazy(() => import('@/ui/code/diff-view.tsx').then((m) => ({ default: m.DiffView })))

type Text = Outputs['storage']['readText']

interface TextEditorProps {
  projectId: string
  entry: StoredEntry
  text: Text
  mayWrite: boolean
  onSaved: () => void
}

/** A text file in Monaco. Saved only over the content that was opened; who comes second sees both. */
export function TextEditor({ projectId, entry, text, mayWrite, onSaved }: TextEditorProps) {
  const { t } = useTranslation()
  const isDark = useIsDark()
  const edit = useTextEdit({ projectId, path: entry.path, text, onSaved })
  useShortcut({ keys: 'Mod+S', inFields: true }, () => edit.save(), mayWrite && edit.isChanged)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <LeaveGuard isChanged={edit.isChanged} />
      {edit.isChanged && !edit.theirs ? (
        <div className="flex h-10 shrink-0 items-center gap-2 border-b px-3">
          <span className="text-xs text-muted-foreground" aria-live="polite">
            {t('storage.unsaved')}
          </span>
          <Button size="sm" variant="ghost" className="ml-auto" onClick={edit.discard}>
            {t('action.discard')}
          </Button>
          <Button size="sm" disabled={edit.isPending} onClick={() => edit.save()}>
            {t('storage.save')}
          </Button>
        </div>
      ) : null}
      {edit.error ? <ErrorState error={edit.error} className="m-2" /> : null}
      {edit.theirs ? (
        <div role="alert" className="grid shrink-0 gap-2 border-b border-limited/40 px-3 py-2 text-sm">
          <p>{t(edit.theirs.text ? 'storage.conflict' : 'storage.conflictGone')}</p>
          <div className="flex gap-2">
            {edit.theirs.text ? (
              <Button size="sm" variant="outline" onClick={edit.takeTheirs}>
                {t('storage.takeTheirs')}
              </Button>
            ) : null}
            <Button size="sm" onClick={edit.keepMine}>
              {t('storage.keepMine')}
            </Button>
          </div>
        </div>
      ) : null}
      <Suspense fallback={<SkeletonRows rows={6} />}>
        {edit.theirs?.text ? (
          <DiffView
            path={entry.name}
            before={edit.theirs.text.content}
            after={edit.content}
            isDark={isDark}
            label={t('storage.editor', { name: revealedText(entry.name) })}
            className="min-h-0 flex-1"
          />
        ) : (
          <CodeText
            name={entry.name}
            content={edit.content}
            epoch={edit.epoch}
            isDark={isDark}
            isReadOnly={!mayWrite}
            label={t('storage.editor', { name: revealedText(entry.name) })}
            onChange={edit.change}
          />
        )}
      </Suspense>
    </div>
  )
}

interface EditOptions {
  projectId: string
  path: string
  text: Text
  onSaved: () => void
}

function useTextEdit({ projectId, path, text, onSaved }: EditOptions) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const [base, setBase] = useState(text)
  const [content, setContent] = useState(text.content)
  const [epoch, setEpoch] = useState(0)
  /** What is there instead of what was opened; `text: null` when it is gone. */
  const [theirs, setTheirs] = useState<{ text: Text | null } | null>(null)
  const isChanged = content !== base.content
  const replace = (next: Text) => {
    setBase(next)
    setContent(next.content)
    setEpoch((n) => n + 1)
    setTheirs(null)
  }
  // Somebody saved while nothing was typed here: theirs is simply shown.
  useEffect(() => {
    if (!isChanged && text.etag !== base.etag) replace(text)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only news from outside
  }, [text])
  const write = useMutation(
    trpc.storage.writeText.mutationOptions({
      meta: { showsError: true },
      onSuccess: ({ etag }, { content: saved }) => {
        setBase({ content: saved, etag })
        setTheirs(null)
        queryClient.setQueryData(trpc.storage.readText.queryKey({ projectId, path }), {
          content: saved,
          etag,
        })
        toast.success(t('storage.saved'))
        onSaved()
      },
      onError: async (error) => {
        if (!hasErrorCode(error, 'STORAGE_CHANGED')) return
        setTheirs({ text: await client.storage.readText.query({ projectId, path }).catch(() => null) })
      },
    }),
  )
  const isConflict = write.error !== null && hasErrorCode(write.error, 'STORAGE_CHANGED')
  const save = (etag: string | null = base.etag) => write.mutate({ projectId, path, content, etag })
  return {
    content,
    epoch,
    isChanged,
    theirs,
    isPending: write.isPending,
    error: isConflict ? null : write.error,
    change: setContent,
    save: () => save(),
    discard: () => replace(base),
    takeTheirs: () => {
      if (theirs?.text) replace(theirs.text)
      write.reset()
    },
    keepMine: () => save(theirs?.text?.etag ?? null),
  }
}
