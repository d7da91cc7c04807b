import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { BranchEditor } from './branch-editor.tsx'
import { ReleasesTab } from './releases-tab.tsx'
import { FIRST_BRANCH, pickBranch } from './pick-branch.ts'

/** Code and releases. The address holds branch, file, line and tab. */
export function PipelinePage() {
  const { t } = useTranslation()
  return (
    <>
      {/* The workbench has no room for a title that is seen. */}
      <h1 className="sr-only">{t('nav.pipeline')}</h1>
      <CodeOrReleases />
    </>
  )
}

function CodeOrReleases() {
  const project = useProject()
  const search = useSearch({ from: '/projects/$slug/pipeline' })
  const navigate = useNavigate()
  const trpc = useTRPC()
  const branches = useQuery(trpc.pipeline.branches.queryOptions({ projectId: project.id }))
  const params = { slug: project.slug }

  if (branches.error)
    return <ErrorState error={branches.error} onRetry={() => void branches.refetch()} className="m-4" />
  if (!branches.data) return <SkeletonRows rows={8} />
  const branch = pickBranch(branches.data, search.branch)
  if (search.tab === 'releases')
    return <ReleasesTab branches={branches.data} branch={branch ?? FIRST_BRANCH} />
  return (
    <BranchEditor
      key={branch ?? FIRST_BRANCH}
      branch={branch ?? FIRST_BRANCH}
      branches={branches.data}
      onBranch={(name) => void navigate({ to: '/projects/$slug/pipeline', params, search: { branch: name } })}
    />
  )
}
