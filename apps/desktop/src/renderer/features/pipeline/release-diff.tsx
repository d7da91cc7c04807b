import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import type { Branches } from './branch-editor.tsx'
import { DiffDialog } from './diff-dialog.tsx'
import type { Release } from './release-row.tsx'

interface ReleaseDiffProps {
  release: Release
  /** Newest first. */
  releases: readonly Release[]
  branches: Branches
  onClose: () => void
}

/** A release beside the one before it; the first one beside its branch as it is now. */
export function ReleaseDiff({ release, releases, branches, onClose }: ReleaseDiffProps) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const project = useProject()
  const at = releases.findIndex(({ version }) => version === release.version)
  const previous = releases[at + 1]
  const hasBranch = branches.some(({ name }) => name === release.branch)
  const self = { release: release.version }
  const pair = previous
    ? { a: { release: previous.version }, b: self }
    : hasBranch
      ? { a: self, b: { branch: release.branch } }
      : { a: self, b: self }
  const diff = useQuery(trpc.pipeline.diff.queryOptions({ projectId: project.id, ...pair }))
  const nameOf = (side: { release: string } | { branch: string }) =>
    'release' in side ? side.release : side.branch
  return (
    <DiffDialog
      title={t('pipeline.diffTitle', { a: nameOf(pair.a), b: nameOf(pair.b) })}
      files={diff.data?.files}
      error={diff.error}
      onClose={onClose}
    />
  )
}
