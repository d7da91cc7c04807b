import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { RIGHTS } from '@/app/project/project-context.ts'
import { useMe } from '@/app/session/panel.tsx'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Page } from '@/ui/page.tsx'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/ui/select.tsx'
import { AlertList } from './alert-list.tsx'
import { AlertRules } from './alert-rules.tsx'

const EVERYTHING = 'all'

/** What is and was wrong, and the rules by which it is told. The address holds whose. */
export function AlertsPage() {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const me = useMe()
  const { project: slug } = useSearch({ from: '/alerts' })
  const navigate = useNavigate({ from: '/alerts' })
  const projects = useQuery(trpc.projects.list.queryOptions()).data ?? []
  const project = projects.find((one) => one.slug === slug)
  const owner = project ? { projectId: project.id } : {}
  const mayRule = project ? RIGHTS[project.role].includes('settings') : me?.root === true
  return (
    <Page
      title={t('nav.alerts')}
      actions={
        <Select
          value={project?.slug ?? EVERYTHING}
          onValueChange={(value) =>
            void navigate({ search: value === EVERYTHING ? {} : { project: value }, replace: true })
          }
        >
          <SelectTrigger className="w-56" aria-label={t('alerts.whose')}>
            <SelectValue />
          </SelectTrigger>
          <SelectContent>
            <SelectItem value={EVERYTHING}>{t('alerts.everything')}</SelectItem>
            {projects.map((one) => (
              <SelectItem key={one.id} value={one.slug}>
                {one.name}
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
      }
    >
      <AlertList owner={owner} projects={projects} />
      {mayRule ? <AlertRules key={project?.id ?? EVERYTHING} owner={owner} /> : null}
    </Page>
  )
}
