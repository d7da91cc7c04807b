import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type ErrorComponentProps,
} from '@tanstack/react-router'
import { PageSkeleton } from '@/ui/skeleton.tsx'
import { ErrorState } from './errors/error-state.tsx'
import { ProjectFrame } from './project/project-frame.tsx'
import {
  agentLogSearch,
  alertsSearch,
  auditSearch,
  dataSearch,
  goalsSearch,
  logsSearch,
  pipelineSearch,
  pluginsSearch,
  projectsSearch,
  referenceSearch,
  storageSearch,
} from './search.ts'
import { AppShell } from './shell/app-shell.tsx'
import { NotFound } from './shell/not-found.tsx'

const root = createRootRoute({ component: AppShell, notFoundComponent: NotFound })

const index = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/projects', replace: true })
  },
})

/** The link of the first start, opened by somebody who is signed in: there is nothing to set up any more. */
const setUp = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  beforeLoad: () => {
    throw redirect({ to: '/projects', hash: '', replace: true })
  },
})

const projects = createRoute({
  getParentRoute: () => root,
  path: '/projects',
  validateSearch: projectsSearch,
  component: lazyRouteComponent(() => import('@/features/projects/projects-page.tsx'), 'ProjectsPage'),
})

const project = createRoute({
  getParentRoute: () => root,
  path: '/projects/$slug',
  component: ProjectFrame,
})

const overview = createRoute({
  getParentRoute: () => project,
  path: '/',
  component: lazyRouteComponent(() => import('@/features/overview/overview-page.tsx'), 'OverviewPage'),
})

const pipeline = createRoute({
  getParentRoute: () => project,
  path: '/pipeline',
  validateSearch: pipelineSearch,
  component: lazyRouteComponent(() => import('@/features/pipeline/pipeline-page.tsx'), 'PipelinePage'),
})

const logs = createRoute({
  getParentRoute: () => project,
  path: '/logs',
  validateSearch: logsSearch,
  component: lazyRouteComponent(() => import('@/features/logs/logs-page.tsx'), 'LogsPage'),
})

const data = createRoute({
  getParentRoute: () => project,
  path: '/data',
  component: lazyRouteComponent(() => import('@/features/data/models-page.tsx'), 'ModelsPage'),
})

const model = createRoute({
  getParentRoute: () => project,
  path: '/data/$model',
  validateSearch: dataSearch,
  component: lazyRouteComponent(() => import('@/features/data/model-page.tsx'), 'ModelPage'),
})

const storage = createRoute({
  getParentRoute: () => project,
  path: '/storage',
  validateSearch: storageSearch,
  component: lazyRouteComponent(() => import('@/features/storage/storage-page.tsx'), 'StoragePage'),
})

const goals = createRoute({
  getParentRoute: () => project,
  path: '/goals',
  validateSearch: goalsSearch,
  component: lazyRouteComponent(() => import('@/features/goals/project-goals-page.tsx'), 'ProjectGoalsPage'),
})

const environment = createRoute({
  getParentRoute: () => project,
  path: '/environment',
  component: lazyRouteComponent(
    () => import('@/features/environment/environment-page.tsx'),
    'EnvironmentPage',
  ),
})

const settings = createRoute({
  getParentRoute: () => project,
  path: '/settings',
  component: lazyRouteComponent(() => import('@/features/settings/settings-page.tsx'), 'SettingsPage'),
})

const profile = createRoute({
  getParentRoute: () => root,
  path: '/profile',
  component: lazyRouteComponent(() => import('@/features/profile/profile-page.tsx'), 'ProfilePage'),
})

const globalGoals = createRoute({
  getParentRoute: () => root,
  path: '/goals',
  validateSearch: goalsSearch,
  component: lazyRouteComponent(() => import('@/features/goals/global-goals-page.tsx'), 'GlobalGoalsPage'),
})

const operators = createRoute({
  getParentRoute: () => root,
  path: '/operators',
  component: lazyRouteComponent(() => import('@/features/operators/operators-page.tsx'), 'OperatorsPage'),
})

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('@/features/audit/audit-page.tsx'), 'AuditPage'),
})

const reference = createRoute({
  getParentRoute: () => root,
  path: '/reference',
  validateSearch: referenceSearch,
  component: lazyRouteComponent(() => import('@/features/reference/reference-page.tsx'), 'ReferencePage'),
})

const backups = createRoute({
  getParentRoute: () => root,
  path: '/backups',
  component: lazyRouteComponent(() => import('@/features/backups/backups-page.tsx'), 'BackupsPage'),
})

const agentSettings = createRoute({
  getParentRoute: () => root,
  path: '/agent-settings',
  component: lazyRouteComponent(
    () => import('@/features/agent-settings/agent-settings-page.tsx'),
    'AgentSettingsPage',
  ),
})

const plugins = createRoute({
  getParentRoute: () => root,
  path: '/plugins',
  validateSearch: pluginsSearch,
  component: lazyRouteComponent(() => import('@/features/plugins/plugins-page.tsx'), 'PluginsPage'),
})

const agentLog = createRoute({
  getParentRoute: () => root,
  path: '/agent-log',
  validateSearch: agentLogSearch,
  component: lazyRouteComponent(() => import('@/features/logs/agent-log-page.tsx'), 'AgentLogPage'),
})

const alerts = createRoute({
  getParentRoute: () => root,
  path: '/alerts',
  validateSearch: alertsSearch,
  component: lazyRouteComponent(() => import('@/features/alerts/alerts-page.tsx'), 'AlertsPage'),
})

const routeTree = root.addChildren([
  index,
  setUp,
  projects,
  project.addChildren([overview, pipeline, logs, data, model, storage, goals, environment, settings]),
  globalGoals,
  profile,
  operators,
  audit,
  reference,
  alerts,
  plugins,
  agentLog,
  backups,
  agentSettings,
])

/** As skeletons do (`appear-late`): what is there sooner only flickers. */
const SHOWS_LATE_MS = 150

/** Addresses hold all state of the pages: tab, branch, file and line, filter, sort, open record. */
export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: PageError,
  // While a page's code is on its way: the page before stays for a moment, then its place says that something comes.
  defaultPendingComponent: PageSkeleton,
  defaultPendingMs: SHOWS_LATE_MS,
  defaultPendingMinMs: 0,
  scrollRestoration: false,
})

function PageError({ error, reset }: ErrorComponentProps) {
  return <ErrorState error={error} onRetry={reset} className="m-4 sm:m-6" />
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
