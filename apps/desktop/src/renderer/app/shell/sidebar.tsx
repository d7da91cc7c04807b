import { Link, type LinkProps } from '@tanstack/react-router'
import {
  BellIcon,
  BookOpenIcon,
  BoxesIcon,
  CodeXmlIcon,
  DatabaseIcon,
  FolderIcon,
  GoalIcon,
  HistoryIcon,
  LayoutDashboardIcon,
  PanelLeftIcon,
  ScrollTextIcon,
  ServerCogIcon,
  SettingsIcon,
  TargetIcon,
  UsersIcon,
  VariableIcon,
  type LucideIcon,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { keyNames } from '@/ui/kbd.tsx'
import { RIGHTS } from '../project/project-context.ts'
import { useMe } from '../session/panel.tsx'
import { AgentMark } from './agent-mark.tsx'
import { ModelLinks } from './model-links.tsx'
import { OperatorMenu } from './operator-menu.tsx'
import { ProjectSwitcher } from './project-switcher.tsx'
import { useRouteProject } from './route-project.ts'

/** 232 px, or a rail of icons. Only what the operator may see. */
export function Sidebar({ isFolded, onFold }: { isFolded: boolean; onFold?: () => void }) {
  const { t } = useTranslation()
  return (
    <aside
      className={cn(
        'flex h-full flex-col border-r border-sidebar-border bg-sidebar text-sidebar-foreground',
        isFolded ? 'w-12' : 'w-full min-[900px]:w-58',
      )}
    >
      <div className={cn('flex h-11 shrink-0 items-center gap-2 px-3', isFolded && 'justify-center px-0')}>
        {isFolded ? null : <AgentMark />}
        {onFold ? (
          <Button
            variant="ghost"
            size="icon-sm"
            className={cn('text-muted-foreground', !isFolded && 'ml-auto')}
            aria-label={t(isFolded ? 'shell.unfold' : 'shell.fold')}
            aria-expanded={!isFolded}
            title={keyNames('Mod+B')}
            onClick={onFold}
          >
            <PanelLeftIcon />
          </Button>
        ) : null}
      </div>
      <div className={cn('px-2 pb-2', isFolded && 'px-1.5')}>
        <ProjectSwitcher isFolded={isFolded} />
      </div>
      <nav
        aria-label={t('shell.navigation')}
        className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-2 py-1"
      >
        <ProjectNav isFolded={isFolded} />
        <AgentNav isFolded={isFolded} />
      </nav>
      <div className={cn('border-t border-sidebar-border p-2', isFolded && 'px-1.5')}>
        <OperatorMenu isFolded={isFolded} />
      </div>
    </aside>
  )
}

function ProjectNav({ isFolded }: { isFolded: boolean }) {
  const { t } = useTranslation()
  const project = useRouteProject()
  if (!project) return null
  const params = { slug: project.slug }
  return (
    <NavGroup label={t('nav.group.project')} isFolded={isFolded}>
      <NavLink to="/projects/$slug" params={params} icon={LayoutDashboardIcon} isFolded={isFolded} exact>
        {t('nav.overview')}
      </NavLink>
      <NavLink to="/projects/$slug/pipeline" params={params} icon={CodeXmlIcon} isFolded={isFolded}>
        {t('nav.pipeline')}
      </NavLink>
      <NavLink to="/projects/$slug/logs" params={params} icon={ScrollTextIcon} isFolded={isFolded}>
        {t('nav.logs')}
      </NavLink>
      <NavLink to="/projects/$slug/data" params={params} icon={DatabaseIcon} isFolded={isFolded}>
        {t('nav.data')}
      </NavLink>
      {isFolded ? null : <ModelLinks project={project} />}
      <NavLink to="/projects/$slug/storage" params={params} icon={FolderIcon} isFolded={isFolded}>
        {t('nav.storage')}
      </NavLink>
      <NavLink to="/projects/$slug/goals" params={params} icon={TargetIcon} isFolded={isFolded}>
        {t('nav.goals')}
      </NavLink>
      <NavLink to="/projects/$slug/environment" params={params} icon={VariableIcon} isFolded={isFolded}>
        {t('nav.environment')}
      </NavLink>
      {RIGHTS[project.role].includes('settings') ? (
        <NavLink to="/projects/$slug/settings" params={params} icon={SettingsIcon} isFolded={isFolded}>
          {t('nav.settings')}
        </NavLink>
      ) : null}
    </NavGroup>
  )
}

function AgentNav({ isFolded }: { isFolded: boolean }) {
  const { t } = useTranslation()
  const me = useMe()
  const mayManage = me?.root === true || me?.rights.manageUsers === true
  return (
    <NavGroup label={t('nav.group.agent')} isFolded={isFolded}>
      <NavLink to="/projects" icon={BoxesIcon} isFolded={isFolded} exact>
        {t('nav.projects')}
      </NavLink>
      <NavLink to="/goals" icon={GoalIcon} isFolded={isFolded}>
        {t('nav.globalGoals')}
      </NavLink>
      <NavLink to="/alerts" icon={BellIcon} isFolded={isFolded}>
        {t('nav.alerts')}
      </NavLink>
      <NavLink to="/reference" icon={BookOpenIcon} isFolded={isFolded}>
        {t('nav.reference')}
      </NavLink>
      {mayManage ? (
        <>
          <NavLink to="/operators" icon={UsersIcon} isFolded={isFolded}>
            {t('nav.operators')}
          </NavLink>
          <NavLink to="/audit" icon={HistoryIcon} isFolded={isFolded}>
            {t('nav.audit')}
          </NavLink>
        </>
      ) : null}
      {me?.root ? (
        <NavLink to="/agent-settings" icon={ServerCogIcon} isFolded={isFolded}>
          {t('nav.agentSettings')}
        </NavLink>
      ) : null}
    </NavGroup>
  )
}

function NavGroup({ label, isFolded, children }: { label: string; isFolded: boolean; children: ReactNode }) {
  return (
    <div role="group" aria-label={label} className="grid gap-px">
      {isFolded ? null : <div className="px-2 pb-1 text-2xs font-medium text-muted-foreground">{label}</div>}
      {children}
    </div>
  )
}

type NavLinkProps = LinkProps & { icon: LucideIcon; isFolded: boolean; exact?: boolean; children: string }

function NavLink({ icon: Icon, isFolded, exact = false, children, ...link }: NavLinkProps) {
  return (
    <Link
      {...link}
      activeOptions={{ exact, includeSearch: false }}
      activeProps={{ className: 'bg-sidebar-accent text-foreground font-medium', 'aria-current': 'page' }}
      {...(isFolded && { 'aria-label': children, title: children })}
      className={cn(
        'flex h-7.5 items-center gap-2.5 rounded-md text-sm hover:bg-sidebar-accent hover:text-foreground max-[900px]:h-9',
        isFolded ? 'justify-center' : 'px-2',
      )}
    >
      <Icon className="size-4 shrink-0 opacity-75" />
      {isFolded ? null : <span className="truncate">{children}</span>}
    </Link>
  )
}
