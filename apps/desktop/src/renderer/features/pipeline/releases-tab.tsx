import { useQuery } from '@tanstack/react-query'
import { BrushCleaningIcon, RocketIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useRunActions } from '@/app/project/run-actions.ts'
import { isLive, useRunState } from '@/app/project/run-state.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import type { Branches } from './branch-editor.tsx'
import { ResetBranchDialog } from './branch-dialogs.tsx'
import { PipelineTabs } from './pipeline-tabs.tsx'
import { ReleaseDialog } from './release-dialog.tsx'
import { ReleaseDiff } from './release-diff.tsx'
import { ReleaseRow, type Release } from './release-row.tsx'
import { ClearReleasesDialog, RemoveReleaseDialog } from './release-removal.tsx'

type Open =
  { kind: 'diff' | 'remove' | 'reset'; release: Release } | { kind: 'clear' } | { kind: 'release' } | null

/** Every version that was released, newest first. One mark: the one that runs. */
export function ReleasesTab({ branches, branch }: { branches: Branches; branch: string }) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const mayRun = useMay('run')
  const releases = useQuery(trpc.pipeline.releases.queryOptions({ projectId: project.id }))
  const actions = useRunActions(project.id)
  const state = useRunState(project.id)
  const [dialog, setDialog] = useState<Open>(null)
  const count = releases.data?.length ?? 0
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div
        role="toolbar"
        aria-label={t('pipeline.toolbar')}
        className="flex h-11 shrink-0 items-center gap-2 border-b px-2 sm:px-3"
      >
        <PipelineTabs current="releases" branch={branch} />
        <div className="ml-auto flex items-center gap-1.5">
          {mayRun && count > 1 ? (
            <Button
              variant="outline"
              className="max-sm:px-2"
              title={t('pipeline.clearOld')}
              onClick={() => setDialog({ kind: 'clear' })}
            >
              <BrushCleaningIcon /> <span className="max-sm:sr-only">{t('pipeline.clearOld')}</span>
            </Button>
          ) : null}
          {mayRun && branches.length > 0 ? (
            <Button onClick={() => setDialog({ kind: 'release' })}>
              <RocketIcon /> {t('pipeline.release')}
            </Button>
          ) : null}
        </div>
      </div>
      <div className="mx-auto w-full max-w-5xl min-h-0 flex-1 overflow-y-auto px-4 py-4 sm:px-6">
        {actions.error ? <ErrorState error={actions.error} className="mb-3" /> : null}
        {releases.isPending ? <SkeletonRows rows={4} /> : null}
        {releases.error ? (
          <ErrorState error={releases.error} onRetry={() => void releases.refetch()} />
        ) : null}
        {releases.data && count === 0 ? (
          <EmptyState icon={<RocketIcon />} title={t('pipeline.noReleases')}>
            {t('pipeline.noReleasesHint')}
          </EmptyState>
        ) : null}
        <ol aria-label={t('pipeline.tab.releases')} className="relative">
          {releases.data?.map((release) => (
            <ReleaseRow
              key={release.version}
              release={release}
              isRunning={isLive(state, { release: release.version })}
              isPending={actions.isPending}
              onStart={() => void actions.start({ release: release.version }).catch(() => undefined)}
              onOpen={(kind) => setDialog({ kind, release })}
            />
          ))}
        </ol>
      </div>
      <ReleaseDialogs
        dialog={dialog}
        releases={releases.data ?? []}
        branches={branches}
        branch={branch}
        onClose={() => setDialog(null)}
      />
    </div>
  )
}

interface ReleaseDialogsProps {
  dialog: Open
  releases: Release[]
  branches: Branches
  /** The one that the editor shows. */
  branch: string
  onClose: () => void
}

/** At most one of them is open. */
function ReleaseDialogs({ dialog, releases, branches, branch, onClose }: ReleaseDialogsProps) {
  switch (dialog?.kind) {
    case 'diff':
      return (
        <ReleaseDiff release={dialog.release} releases={releases} branches={branches} onClose={onClose} />
      )
    case 'remove':
      return <RemoveReleaseDialog release={dialog.release} onClose={onClose} />
    case 'clear':
      return <ClearReleasesDialog count={releases.length} onClose={onClose} />
    case 'release':
      return <ReleaseDialog branch={branch} saveFirst={null} onClose={onClose} onReleased={onClose} />
    case 'reset': {
      const isThere = branches.some(({ name }) => name === dialog.release.branch)
      return (
        <ResetBranchDialog
          branch={isThere ? dialog.release.branch : branch}
          branches={branches}
          to={{ release: dialog.release.version }}
          onClose={onClose}
        />
      )
    }
    case undefined:
      return null
  }
}
