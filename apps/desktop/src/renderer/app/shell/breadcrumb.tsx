import { useQuery } from '@tanstack/react-query'
import { Link, useLocation, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { projectColor } from '@/ui/project-tile.tsx'
import { useTRPC } from '../trpc/trpc.ts'
import { useRouteProject } from './route-project.ts'

const PROJECT_PAGES = ['pipeline', 'logs', 'data', 'storage', 'goals', 'environment', 'settings'] as const
const AGENT_PAGES = [
  'projects',
  'goals',
  'profile',
  'operators',
  'audit',
  'reference',
  'alerts',
  'plugins',
  'agent-log',
  'backups',
  'agent-settings',
] as const

function agentPageKey(page: (typeof AGENT_PAGES)[number]) {
  if (page === 'goals') return 'nav.globalGoals'
  if (page === 'agent-log') return 'nav.agentLog'
  return page === 'agent-settings' ? 'nav.agentSettings' : (`nav.${page}` as const)
}

/** Where one is: project, page, model. Below 640 px the last part only. */
export function Breadcrumb() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const { slug } = useParams({ strict: false })
  const project = useRouteProject()
  const model = useModelName(project?.id)
  const parts = pathname.split('/').filter(Boolean)
  const agentPage = AGENT_PAGES.find((page) => page === parts[0])
  const page = PROJECT_PAGES.find((name) => name === parts[2])
  const last = slug
    ? page
      ? t(`nav.${page}`)
      : t('nav.overview')
    : agentPage
      ? t(agentPageKey(agentPage))
      : ''
  const title = [model ?? last, project?.name, 'm3m'].filter(Boolean).join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
  return (
    <nav aria-label={t('shell.breadcrumb')} className="flex min-w-0 items-center gap-1.5 text-sm">
      {slug ? (
        <>
          <Link
            to="/projects/$slug"
            params={{ slug }}
            className="hidden max-w-44 truncate rounded-sm text-muted-foreground hover:text-foreground sm:inline"
          >
            {project?.name ?? slug}
          </Link>
          <Slash />
        </>
      ) : null}
      {slug && model ? (
        <>
          <Link
            to="/projects/$slug/data"
            params={{ slug }}
            className="hidden rounded-sm text-muted-foreground hover:text-foreground sm:inline"
          >
            {last}
          </Link>
          <Slash />
          <span aria-current="page" className="truncate font-medium">
            {model}
          </span>
        </>
      ) : (
        <span aria-current="page" className="truncate font-medium">
          {last}
        </span>
      )}
      {project?.color ? (
        <span
          aria-hidden
          className="absolute inset-x-0 -bottom-px h-px"
          style={{ background: projectColor(project.color) }}
        />
      ) : null}
    </nav>
  )
}

/** As its page asks for it, too; until it is there, and of one that is not, the word of the address. */
function useModelName(projectId: string | undefined): string | undefined {
  const { model: slug } = useParams({ strict: false })
  const asked = useTRPC().models.get.queryOptions(
    { projectId: projectId ?? '', model: slug ?? '' },
    { enabled: projectId !== undefined && slug !== undefined },
  )
  const { data } = useQuery(asked)
  return slug === undefined ? undefined : (data?.name ?? slug)
}

const Slash = () => (
  <span aria-hidden className="hidden text-muted-foreground/50 sm:inline">
    /
  </span>
)
