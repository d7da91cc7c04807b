import {
  ArchiveRestoreIcon,
  BellIcon,
  BookOpenIcon,
  BoxesIcon,
  CodeXmlIcon,
  DatabaseIcon,
  FolderIcon,
  GoalIcon,
  HistoryIcon,
  LayoutDashboardIcon,
  LogsIcon,
  PuzzleIcon,
  ScrollTextIcon,
  ServerCogIcon,
  SettingsIcon,
  TargetIcon,
  UsersIcon,
  VariableIcon,
  type LucideIcon,
} from 'lucide-react'
import type { FramePage } from '../connection/skew.ts'
import { useLacksPage } from '../connection/use-skew.ts'
import { RIGHTS } from '../project/project-context.ts'
import { useMe } from '../session/panel.tsx'
import { useRouteProject } from './route-project.ts'

const OF_PROJECT = [
  { page: 'overview', to: '/projects/$slug', icon: LayoutDashboardIcon },
  { page: 'pipeline', to: '/projects/$slug/pipeline', icon: CodeXmlIcon },
  { page: 'logs', to: '/projects/$slug/logs', icon: ScrollTextIcon },
  { page: 'data', to: '/projects/$slug/data', icon: DatabaseIcon },
  { page: 'storage', to: '/projects/$slug/storage', icon: FolderIcon },
  { page: 'goals', to: '/projects/$slug/goals', icon: TargetIcon },
  { page: 'environment', to: '/projects/$slug/environment', icon: VariableIcon },
  { page: 'settings', to: '/projects/$slug/settings', icon: SettingsIcon },
] as const satisfies readonly Page[]

const OF_AGENT = [
  { page: 'projects', to: '/projects', icon: BoxesIcon },
  { page: 'globalGoals', to: '/goals', icon: GoalIcon },
  { page: 'alerts', to: '/alerts', icon: BellIcon },
  { page: 'reference', to: '/reference', icon: BookOpenIcon },
  { page: 'operators', to: '/operators', icon: UsersIcon },
  { page: 'audit', to: '/audit', icon: HistoryIcon },
  { page: 'agentLog', to: '/agent-log', icon: LogsIcon },
  { page: 'plugins', to: '/plugins', icon: PuzzleIcon },
  { page: 'backups', to: '/backups', icon: ArchiveRestoreIcon },
  { page: 'agentSettings', to: '/agent-settings', icon: ServerCogIcon },
] as const satisfies readonly Page[]

const FOR_ROOT: readonly FramePage[] = ['agentLog', 'agentSettings', 'backups', 'plugins']

interface Page {
  page: FramePage
  to: string
  icon: LucideIcon
}

export type ProjectPage = (typeof OF_PROJECT)[number] & { isLacking: boolean }
export type AgentPage = (typeof OF_AGENT)[number] & { isLacking: boolean }

/** The pages that the sidebar and the palette lead to: those that the operator may see; `isLacking`: the agent cannot. */
export function useFramePages(): { ofProject: ProjectPage[]; ofAgent: AgentPage[] } {
  const lacks = useLacksPage()
  const project = useRouteProject()
  const me = useMe()
  const mayManage = me?.root === true || me?.rights.manageUsers === true
  const maySee = (page: FramePage): boolean => {
    if (page === 'settings') return project !== undefined && RIGHTS[project.role].includes('settings')
    if (page === 'operators' || page === 'audit') return mayManage
    return !FOR_ROOT.includes(page) || me?.root === true
  }
  const seen = <P extends Page>(pages: readonly P[]) =>
    pages.filter(({ page }) => maySee(page)).map((one) => ({ ...one, isLacking: lacks(one.page) }))
  return { ofProject: project ? seen(OF_PROJECT) : [], ofAgent: seen(OF_AGENT) }
}
