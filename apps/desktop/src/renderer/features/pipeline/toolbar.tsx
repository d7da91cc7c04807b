import { useNavigate } from '@tanstack/react-router'
import { BugPlayIcon, PanelRightIcon, RocketIcon, SaveIcon, SquareIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { Button } from '@/ui/button.tsx'
import { keyNames } from '@/ui/kbd.tsx'
import type { Branches } from './branch-editor.tsx'
import { BranchMenu } from './branch-menu.tsx'
import { PipelineTabs } from './pipeline-tabs.tsx'
import { ReleaseDialog } from './release-dialog.tsx'
import type { EditorSession } from './use-editor-session.ts'

interface ToolbarProps {
  session: EditorSession
  branch: string
  branches: Branches
  onBranch: (name: string) => void
}

export function Toolbar({ session, branch, branches, onBranch }: ToolbarProps) {
  const { t } = useTranslation()
  const mayWrite = useMay('code:write')
  return (
    <div
      role="toolbar"
      aria-label={t('pipeline.toolbar')}
      className="flex h-11 shrink-0 items-center gap-1.5 overflow-x-auto border-b px-2 sm:gap-2 sm:px-3"
    >
      <PipelineTabs current="code" branch={branch} />
      <BranchMenu
        branch={branch}
        branches={branches}
        isDirty={session.isDirty}
        onBranch={onBranch}
        onReset={session.open.discard}
      />
      <div className="ml-auto flex items-center gap-1.5">
        {mayWrite ? (
          <SaveButton session={session} />
        ) : (
          <span className="text-xs text-muted-foreground">{t('pipeline.readOnly')}</span>
        )}
        <RunButtons session={session} branch={branch} />
        <Button
          variant="ghost"
          size="icon"
          aria-pressed={session.isPanelOpen}
          aria-label={t('pipeline.togglePanel')}
          title={`${t('pipeline.togglePanel')} (${keyNames('Mod+J')})`}
          onClick={() => session.setPanelOpen(!session.isPanelOpen)}
        >
          <PanelRightIcon />
        </Button>
      </div>
    </div>
  )
}

function SaveButton({ session }: { session: EditorSession }) {
  const { t } = useTranslation()
  const { workspace, isSaving } = session.open
  const isNew = workspace?.revision === null
  return (
    <Button
      variant="outline"
      className="max-sm:px-2"
      aria-label={t('action.save')}
      aria-keyshortcuts="Control+S Meta+S"
      title={`${t('action.save')} (${keyNames('Mod+S')})`}
      disabled={!workspace || isSaving || (!session.isDirty && !isNew)}
      onClick={session.save}
    >
      <SaveIcon /> <span className="max-md:sr-only">{t('action.save')}</span>
    </Button>
  )
}

function RunButtons({ session, branch }: { session: EditorSession; branch: string }) {
  const { t } = useTranslation()
  const project = useProject()
  const navigate = useNavigate()
  const mayRun = useMay('run')
  const [isReleasing, setReleasing] = useState(false)
  if (!mayRun) return null
  const observed = session.run?.observed
  const isDebug = observed?.source != null && 'branch' in observed.source
  const isUp = observed?.state === 'running' || observed?.state === 'starting'
  return (
    <>
      {isUp && isDebug ? (
        <Button
          variant="outline"
          className="max-sm:px-2"
          aria-label={t('run.stop')}
          aria-keyshortcuts="Control+. Meta+."
          title={`${t('run.stop')} (${keyNames('Mod+.')})`}
          onClick={session.stop}
        >
          <SquareIcon className="size-3.5 fill-current" />{' '}
          <span className="max-md:sr-only">{t('run.stop')}</span>
        </Button>
      ) : null}
      <Button
        className="max-sm:px-2"
        aria-label={t('pipeline.runDebug')}
        aria-keyshortcuts="Control+Enter Meta+Enter"
        title={`${t('pipeline.runDebug')} (${keyNames('Mod+Enter')})`}
        disabled={!session.open.workspace || session.actions.isPending || session.open.isSaving}
        onClick={session.runDebug}
      >
        <BugPlayIcon /> <span className="max-sm:sr-only">{t('pipeline.runDebug')}</span>
      </Button>
      <Button
        variant="outline"
        className="max-sm:px-2"
        aria-label={t('pipeline.release')}
        disabled={!session.open.workspace}
        onClick={() => setReleasing(true)}
      >
        <RocketIcon /> <span className="max-md:sr-only">{t('pipeline.release')}</span>
      </Button>
      {isReleasing ? (
        <ReleaseDialog
          branch={branch}
          saveFirst={session.isDirty || session.open.workspace?.revision === null ? session.open.save : null}
          onClose={() => setReleasing(false)}
          onReleased={() =>
            void navigate({
              to: '/projects/$slug/pipeline',
              params: { slug: project.slug },
              search: { tab: 'releases', branch },
            })
          }
        />
      ) : null}
    </>
  )
}
