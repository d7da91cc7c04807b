import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useMay } from '@/app/project/project-context.ts'
import { useIsDark } from '@/app/theme/theme.ts'
import type { Outputs } from '@/app/trpc/trpc.ts'
import { EmptyState } from '@/ui/empty-state.tsx'
import { ResizeHandle } from '@/ui/resizable.tsx'
import { Skeleton, SkeletonRows } from '@/ui/skeleton.tsx'
import { useMedia } from '@/ui/use-media.ts'
import { useStoredState } from '@/ui/use-stored-state.ts'
import { BottomPanel } from './bottom-panel.tsx'
import { BranchNotices } from './branch-notices.tsx'
import { EditorTabs } from './editor-tabs.tsx'
import { FileTree } from './file-tree-view.tsx'
import { StatusBar } from './status-bar.tsx'
import { Toolbar } from './toolbar.tsx'
import { useEditorSession, type EditorSession } from './use-editor-session.ts'

// Monaco is large and needed nowhere else.
const CodeEditor = lazy(() => import('./code-editor.tsx').then((m) => ({ default: m.CodeEditor })))

export type Branches = Outputs['pipeline']['branches']

interface BranchEditorProps {
  branch: string
  branches: Branches
  onBranch: (name: string) => void
}

/** The workbench: toolbar, files, editor, panel, status. It fills the page; only its parts scroll. */
export function BranchEditor({ branch, branches, onBranch }: BranchEditorProps) {
  const session = useEditorSession(branch, branches)
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Toolbar session={session} branch={branch} branches={branches} onBranch={onBranch} />
      <BranchNotices session={session} branches={branches} />
      {session.open.error ? (
        <ErrorState error={session.open.error} onRetry={session.open.retry} className="m-4" />
      ) : (
        <Workbench session={session} />
      )}
      <StatusBar session={session} branch={branch} />
    </div>
  )
}

function Workbench({ session }: { session: EditorSession }) {
  const { t } = useTranslation()
  const isWide = useMedia('(min-width: 1200px)')
  const isNarrow = useMedia('(max-width: 899px)')
  const [treePx, setTreePx] = useStoredState<number>('pipeline.treePx', 190)
  const [rightPx, setRightPx] = useStoredState<number>('pipeline.rightPx', 440)
  const [bottomPx, setBottomPx] = useStoredState<number>('pipeline.bottomPx', 240)
  const { isPanelOpen } = session
  return (
    <div className="flex min-h-0 flex-1">
      {isNarrow ? null : (
        <>
          <div style={{ width: treePx }} className="shrink-0 overflow-hidden">
            <FileTree session={session} />
          </div>
          <ResizeHandle
            axis="x"
            pane="before"
            sizePx={treePx}
            minPx={120}
            maxPx={420}
            label={t('pipeline.resizeTree')}
            onResize={setTreePx}
          />
        </>
      )}
      <div className={isWide ? 'flex min-w-0 flex-1' : 'flex min-w-0 flex-1 flex-col'}>
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <EditorTabs session={session} isTreeHidden={isNarrow} />
          <EditorPane session={session} />
        </div>
        {isPanelOpen ? (
          <>
            <ResizeHandle
              axis={isWide ? 'x' : 'y'}
              pane="after"
              sizePx={isWide ? rightPx : bottomPx}
              minPx={isWide ? 300 : 120}
              maxPx={isWide ? 900 : 560}
              label={t('pipeline.resizePanel')}
              onResize={isWide ? setRightPx : setBottomPx}
            />
            <div
              style={isWide ? { width: rightPx } : { height: bottomPx }}
              className="flex max-h-[60%] min-h-0 min-w-0 shrink-0 flex-col min-[1200px]:max-h-none"
            >
              <BottomPanel session={session} />
            </div>
          </>
        ) : null}
      </div>
    </div>
  )
}

function EditorPane({ session }: { session: EditorSession }) {
  const { t } = useTranslation()
  const isDark = useIsDark()
  const mayWrite = useMay('code:write')
  const { workspace } = session.open
  const [loading] = useState(() => <SkeletonRows rows={10} className="divide-y-0" />)
  if (!workspace) return loading
  if (workspace.files.length === 0)
    return <EmptyState title={t('pipeline.noFiles')}>{t('pipeline.noFilesHint')}</EmptyState>
  return (
    <div className="relative min-h-0 flex-1 bg-editor">
      <Suspense fallback={<Skeleton className="m-4 h-4 w-1/3" />}>
        <CodeEditor
          files={workspace.files}
          epoch={session.open.epoch}
          active={session.active}
          serviceTypes={session.serviceTypes}
          marks={session.ownMarks}
          isDark={isDark}
          isReadOnly={!mayWrite}
          label={t('pipeline.editorLabel', { file: session.active ?? '' })}
          goTo={session.goTo}
          onChange={session.setCode}
          onCursor={session.setCursor}
          onMarks={session.setMarks}
        />
      </Suspense>
    </div>
  )
}
