import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { BoxesIcon, PlusIcon, UploadIcon } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useMe } from '@/app/session/panel.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Input } from '@/ui/input.tsx'
import { Page } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { ProjectRows } from './project-rows.tsx'

const ProjectDialog = lazy(() => import('./project-dialog.tsx').then((m) => ({ default: m.ProjectDialog })))
const ImportDialog = lazy(() => import('./import-dialog.tsx').then((m) => ({ default: m.ImportDialog })))

/** Every project the operator may see, with what runs in it. */
export function ProjectsPage() {
  const { t } = useTranslation()
  const me = useMe()
  const search = useSearch({ from: '/projects' })
  const navigate = useNavigate()
  const trpc = useTRPC()
  const projects = useQuery(trpc.projects.list.queryOptions())
  const [filter, setFilter] = useState('')
  const [isImporting, setImporting] = useState(false)
  const mayCreate = me?.root === true || me?.rights.createProjects === true
  const setCreating = (isOpen: boolean) =>
    void navigate({ to: '/projects', search: isOpen ? { new: true } : {}, replace: true })

  const newProject = (
    <Button onClick={() => setCreating(true)}>
      <PlusIcon /> {t('projects.new')}
    </Button>
  )
  const count = projects.data?.length ?? 0
  return (
    <Page
      title={t('nav.projects')}
      aside={count > 0 ? <span className="tabular">{count}</span> : null}
      actions={
        <>
          {count > 6 ? (
            <Input
              type="search"
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
              placeholder={t('projects.filter')}
              aria-label={t('projects.filter')}
              className="w-40 max-sm:w-32 max-sm:flex-1"
            />
          ) : null}
          {mayCreate ? (
            <Button variant="outline" onClick={() => setImporting(true)} title={t('moving.importMenu')}>
              <UploadIcon /> <span className="max-sm:sr-only">{t('moving.importMenu')}</span>
            </Button>
          ) : null}
          {mayCreate && count > 0 ? newProject : null}
        </>
      }
    >
      <div className="rounded-md border">
        {projects.isPending ? <SkeletonRows rows={6} /> : null}
        {projects.error ? (
          <ErrorState error={projects.error} onRetry={() => void projects.refetch()} className="m-3" />
        ) : null}
        {projects.data && count === 0 ? (
          <EmptyState icon={<BoxesIcon />} title={t('projects.empty')} action={mayCreate ? newProject : null}>
            {t(mayCreate ? 'projects.emptyHint' : 'projects.emptyNoRight')}
          </EmptyState>
        ) : null}
        {count > 0 ? <ProjectRows projects={projects.data!} filter={filter} /> : null}
      </div>
      <Suspense>
        {mayCreate && isImporting ? <ImportDialog onClose={() => setImporting(false)} /> : null}
        {mayCreate && search.new ? <ProjectDialog onClose={() => setCreating(false)} /> : null}
      </Suspense>
    </Page>
  )
}
