import { InfoIcon, TriangleAlertIcon } from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError } from '@/app/errors/describe-error.ts'
import { errorText } from '@/app/errors/error-text.ts'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { TimeAgo } from '@/ui/time-ago.tsx'
import type { Branches } from './branch-editor.tsx'
import { sourceFiles, withDraft, type SourceFile } from './workspace.ts'
import type { EditorSession } from './use-editor-session.ts'

const CompareDialog = lazy(() => import('./compare-dialog.tsx').then((m) => ({ default: m.CompareDialog })))

interface NoticesProps {
  session: EditorSession
  branches: Branches
}

/** A draft that was found, a save that somebody else was faster with, somebody else's save. One at a time. */
export function BranchNotices({ session, branches }: NoticesProps) {
  const { open } = session
  const [compared, setCompared] = useState<readonly SourceFile[] | null>(null)
  const compare = (files: readonly SourceFile[]) => setCompared(files)
  return (
    <>
      {open.saveError ? (
        <SaveRefused session={session} onCompare={compare} />
      ) : open.notice ? (
        <DraftFound session={session} onCompare={compare} />
      ) : (
        <Overtaken session={session} branches={branches} onCompare={compare} />
      )}
      {compared && open.workspace ? (
        <Suspense>
          <CompareDialog branch={open.workspace.branch} mine={compared} onClose={() => setCompared(null)} />
        </Suspense>
      ) : null}
    </>
  )
}

interface PartProps {
  session: EditorSession
  onCompare: (mine: readonly SourceFile[]) => void
}

function SaveRefused({ session, onCompare }: PartProps) {
  const { t } = useTranslation()
  const { open } = session
  const shape = describeError(open.saveError)
  const isConflict = shape.status === 409 || shape.code === 'PIPELINE_REVISION_STALE'
  const mine = open.workspace ? sourceFiles(open.workspace) : []
  return (
    <Notice tone="alert" text={isConflict ? t('pipeline.conflict') : errorText(shape, t)}>
      {isConflict ? (
        <>
          <Button size="sm" variant="outline" onClick={() => onCompare(mine)}>
            {t('pipeline.compare')}
          </Button>
          <Button size="sm" variant="outline" onClick={open.discard}>
            {t('pipeline.takeTheirs')}
          </Button>
          <Button
            size="sm"
            variant="danger"
            onClick={() => void open.save({ overwrite: true }).catch(() => undefined)}
          >
            {t('pipeline.overwrite')}
          </Button>
        </>
      ) : (
        <>
          <code className="text-muted-foreground">{shape.code}</code>
          <Button size="sm" variant="outline" onClick={session.save}>
            {t('action.retry')}
          </Button>
        </>
      )}
    </Notice>
  )
}

function DraftFound({ session, onCompare }: PartProps) {
  const { t } = useTranslation()
  const { open } = session
  const { notice } = open
  if (!notice) return null
  if (notice.kind === 'restored')
    return (
      <Notice tone="info" text={t('pipeline.draftRestored')} aside={<TimeAgo at={notice.at} />}>
        <Button size="sm" variant="outline" onClick={open.discard}>
          {t('pipeline.discardDraft')}
        </Button>
        <Button size="sm" variant="ghost" onClick={open.dismissNotice}>
          {t('pipeline.keepDraft')}
        </Button>
      </Notice>
    )
  const { draft } = notice
  return (
    <Notice tone="alert" text={t('pipeline.draftOutdated')} aside={<TimeAgo at={draft.at} />}>
      <Button size="sm" variant="outline" onClick={() => onCompare(draft.files)}>
        {t('pipeline.compare')}
      </Button>
      <Button size="sm" variant="outline" onClick={open.discard}>
        {t('pipeline.discardDraft')}
      </Button>
      <Button
        size="sm"
        variant="outline"
        onClick={() => {
          open.replace((workspace) => withDraft(workspace, draft.files))
          open.dismissNotice()
        }}
      >
        {t('pipeline.useDraft')}
      </Button>
    </Notice>
  )
}

/** Somebody saved while this page was open. */
function Overtaken({ session, branches, onCompare }: PartProps & { branches: Branches }) {
  const { t } = useTranslation()
  const { workspace, isSaving, discard } = session.open
  const now = branches.find(({ name }) => name === workspace?.branch)
  if (!workspace || !now || isSaving || workspace.revision === null || now.revision <= workspace.revision)
    return null
  const who = now.updatedBy?.name ?? t('audit.agent')
  return (
    <Notice
      tone="info"
      text={t('pipeline.overtaken', { who, revision: now.revision })}
      aside={<TimeAgo at={now.updatedAt} />}
    >
      <Button size="sm" variant="outline" onClick={() => onCompare(sourceFiles(workspace))}>
        {t('pipeline.compare')}
      </Button>
      <Button size="sm" variant="outline" onClick={discard}>
        {t('pipeline.takeTheirs')}
      </Button>
    </Notice>
  )
}

function Notice(props: { tone: 'info' | 'alert'; text: string; aside?: ReactNode; children: ReactNode }) {
  const isAlert = props.tone === 'alert'
  const Icon = isAlert ? TriangleAlertIcon : InfoIcon
  return (
    <div
      role={isAlert ? 'alert' : 'status'}
      className={cn(
        'flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b px-3 py-1.5 text-sm',
        isAlert ? 'bg-[color-mix(in_oklab,var(--state-limited)_9%,transparent)]' : 'bg-muted/60',
      )}
    >
      <Icon className={cn('size-4 shrink-0', isAlert ? 'text-limited' : 'text-muted-foreground')} />
      <span className="min-w-0">{props.text}</span>
      {props.aside ? <span className="text-xs text-muted-foreground">{props.aside}</span> : null}
      <span className="ml-auto flex items-center gap-1.5">{props.children}</span>
    </div>
  )
}
