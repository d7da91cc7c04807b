import { Link, type LinkProps } from '@tanstack/react-router'
import { PanelLeftIcon } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button.tsx'
import { cn } from '@/ui/cn.ts'
import { keyNames } from '@/ui/kbd.tsx'
import { AgentMark } from './agent-mark.tsx'
import { type AgentPage, type ProjectPage, useFramePages } from './frame-pages.ts'
import { ModelLinks } from './model-links.tsx'
import { OperatorMenu } from './operator-menu.tsx'
import { ProjectSwitcher } from './project-switcher.tsx'
import { useRouteProject } from './route-project.ts'

/** 232 px, or a rail of icons. Only what the operator may see. */
export function Sidebar({ isFolded, onFold }: { isFolded: boolean; onFold?: () => void }) {
  const { t } = useTranslation()
  const pages = useFramePages()
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
        <ProjectNav isFolded={isFolded} pages={pages.ofProject} />
        <AgentNav isFolded={isFolded} pages={pages.ofAgent} />
      </nav>
      <div className={cn('border-t border-sidebar-border p-2', isFolded && 'px-1.5')}>
        <OperatorMenu isFolded={isFolded} />
      </div>
    </aside>
  )
}

function ProjectNav({ isFolded, pages }: { isFolded: boolean; pages: readonly ProjectPage[] }) {
  const { t } = useTranslation()
  const project = useRouteProject()
  if (!project) return null
  return (
    <NavGroup label={t('nav.group.project')} isFolded={isFolded}>
      {pages.map((page) => (
        <Fragment key={page.page}>
          <NavLink {...page} params={{ slug: project.slug }} isFolded={isFolded} />
          {page.page === 'data' && !isFolded ? <ModelLinks project={project} /> : null}
        </Fragment>
      ))}
    </NavGroup>
  )
}

function AgentNav({ isFolded, pages }: { isFolded: boolean; pages: readonly AgentPage[] }) {
  const { t } = useTranslation()
  return (
    <NavGroup label={t('nav.group.agent')} isFolded={isFolded}>
      {pages.map((page) => (
        <NavLink key={page.page} {...page} isFolded={isFolded} />
      ))}
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

type NavLinkProps = (ProjectPage | AgentPage) & { isFolded: boolean; params?: { slug: string } }

const LINE = 'flex h-7.5 items-center gap-2.5 rounded-md text-sm max-[900px]:h-9'

function NavLink({ page, to, icon: Icon, isLacking, isFolded, params }: NavLinkProps) {
  const { t } = useTranslation()
  const name = t(`nav.${page}`)
  const place = isFolded ? 'justify-center' : 'px-2'
  const inside = (
    <>
      <Icon className="size-4 shrink-0 opacity-75" />
      {isFolded ? null : <span className="truncate">{name}</span>}
    </>
  )
  if (isLacking)
    return (
      <span
        role="link"
        aria-disabled
        aria-label={name}
        title={t('skew.lacks')}
        className={cn(LINE, place, 'cursor-not-allowed opacity-45')}
      >
        {inside}
      </span>
    )
  return (
    <Link
      {...({ to, params } as LinkProps)}
      activeOptions={{ exact: page === 'overview' || page === 'projects', includeSearch: false }}
      activeProps={{ className: 'bg-sidebar-accent text-foreground font-medium', 'aria-current': 'page' }}
      {...(isFolded && { 'aria-label': name, title: name })}
      className={cn(LINE, place, 'hover:bg-sidebar-accent hover:text-foreground')}
    >
      {inside}
    </Link>
  )
}
