import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { diffFiles } from './diff-files.ts'
import { DiffDialog } from './diff-dialog.tsx'
import type { SourceFile } from './workspace.ts'

interface CompareDialogProps {
  branch: string
  mine: readonly SourceFile[]
  onClose: () => void
}

/** What the agent has beside what stands in the editor or a draft. */
export function CompareDialog({ branch, mine, onClose }: CompareDialogProps) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const project = useProject()
  const theirs = useQuery(
    trpc.pipeline.branch.queryOptions({ projectId: project.id, name: branch }, { staleTime: 0, gcTime: 0 }),
  )
  return (
    <DiffDialog
      title={t('pipeline.compareTitle', { branch })}
      sides={t('pipeline.compareSides')}
      files={theirs.data ? diffFiles(theirs.data.files, mine) : undefined}
      error={theirs.error}
      onClose={onClose}
    />
  )
}
