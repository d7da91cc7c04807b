import { useQuery } from '@tanstack/react-query'
import { useNavigate, type NavigateOptions } from '@tanstack/react-router'
import { KeyboardIcon, MoonIcon, PlusIcon, RocketIcon, SunIcon, UserIcon } from 'lucide-react'
import { Dialog as DialogPrimitive } from 'radix-ui'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from '@/ui/command.tsx'
import { overlayClass } from '@/ui/dialog.tsx'
import { ProjectTile } from '@/ui/project-tile.tsx'
import { StateDot } from '@/ui/run-badges.tsx'
import { useRunStates } from '../project/run-state.ts'
import { useMe } from '../session/panel.tsx'
import { setTheme, useIsDark } from '../theme/theme.ts'
import { useTRPC } from '../trpc/trpc.ts'
import { useFramePages } from './frame-pages.ts'
import { useRouteProject } from './route-project.ts'
import { SearchHits } from './search-hits.tsx'

interface PaletteProps {
  onClose: () => void
  onShortcuts: () => void
}

/** Ctrl/Cmd+K: pages, projects, commands, and what is in the project, by a few letters. */
export function CommandPalette({ onClose, onShortcuts }: PaletteProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const go = (to: NavigateOptions) => {
    onClose()
    void navigate(to)
  }
  return (
    <DialogPrimitive.Root open onOpenChange={onClose}>
      <DialogPrimitive.Portal>
        <DialogPrimitive.Overlay className={overlayClass} />
        <DialogPrimitive.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[calc(100%-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-lg border bg-popover text-popover-foreground shadow-xl outline-none"
        >
          <DialogPrimitive.Title className="sr-only">{t('shell.search')}</DialogPrimitive.Title>
          <Command>
            <CommandInput
              placeholder={t('palette.placeholder')}
              value={text}
              onValueChange={setText}
              autoFocus
            />
            <CommandList>
              <CommandEmpty>{t('palette.none')}</CommandEmpty>
              <ProjectPages go={go} />
              <SearchHits text={text} go={go} />
              <Projects go={go} />
              <PanelCommands go={go} onClose={onClose} onShortcuts={onShortcuts} />
            </CommandList>
          </Command>
        </DialogPrimitive.Content>
      </DialogPrimitive.Portal>
    </DialogPrimitive.Root>
  )
}

type Go = (to: NavigateOptions) => void

function ProjectPages({ go }: { go: Go }) {
  const { t } = useTranslation()
  const project = useRouteProject()
  const { ofProject } = useFramePages()
  if (!project) return null
  const params = { slug: project.slug }
  return (
    <CommandGroup heading={project.name}>
      {ofProject.map(({ page, to, icon: Icon, isLacking }) => (
        <PageItem
          key={page}
          value={`${project.name} ${t(`nav.${page}`)}`}
          isLacking={isLacking}
          onSelect={() => go({ to, params })}
        >
          <Icon /> {t(`nav.${page}`)}
        </PageItem>
      ))}
      <CommandItem
        value={`${project.name} ${t('pipeline.tab.releases')}`}
        onSelect={() => go({ to: '/projects/$slug/pipeline', params, search: { tab: 'releases' } })}
      >
        <RocketIcon /> {t('pipeline.tab.releases')}
      </CommandItem>
    </CommandGroup>
  )
}

interface PageItemProps {
  value: string
  isLacking: boolean
  onSelect: () => void
  children: ReactNode
}

/** A page that the agent does not have is there, grey, and says why. */
function PageItem({ isLacking, children, ...item }: PageItemProps) {
  const { t } = useTranslation()
  return (
    <CommandItem {...item} disabled={isLacking} {...(isLacking && { title: t('skew.lacks') })}>
      {children}
    </CommandItem>
  )
}

function Projects({ go }: { go: Go }) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const states = useRunStates()
  const projects = useQuery(trpc.projects.list.queryOptions())
  if (!projects.data?.length) return null
  return (
    <CommandGroup heading={t('nav.projects')}>
      {projects.data.map((project) => (
        <CommandItem
          key={project.id}
          value={`${project.name} ${project.slug}`}
          onSelect={() => go({ to: '/projects/$slug', params: { slug: project.slug } })}
        >
          <ProjectTile name={project.name} color={project.color} />
          <span className="truncate">{project.name}</span>
          <span className="ml-auto flex items-center gap-2 font-mono text-xs text-muted-foreground">
            {project.slug}
            <StateDot state={states.nameOf(project.id)} />
          </span>
        </CommandItem>
      ))}
    </CommandGroup>
  )
}

function PanelCommands({ go, onClose, onShortcuts }: PaletteProps & { go: Go }) {
  const { t } = useTranslation()
  const me = useMe()
  const isDark = useIsDark()
  const { ofAgent } = useFramePages()
  return (
    <CommandGroup heading={t('palette.panel')}>
      {me?.root || me?.rights.createProjects ? (
        <CommandItem onSelect={() => go({ to: '/projects', search: { new: true } })}>
          <PlusIcon /> {t('projects.new')}
        </CommandItem>
      ) : null}
      {ofAgent.map(({ page, to, icon: Icon, isLacking }) => {
        const text = page === 'projects' ? t('palette.allProjects') : t(`nav.${page}`)
        return (
          <PageItem key={page} value={text} isLacking={isLacking} onSelect={() => go({ to })}>
            <Icon /> {text}
          </PageItem>
        )
      })}
      <CommandItem onSelect={() => go({ to: '/profile' })}>
        <UserIcon /> {t('nav.profile')}
      </CommandItem>
      <CommandItem
        onSelect={() => {
          setTheme(isDark ? 'light' : 'dark')
          onClose()
        }}
      >
        {isDark ? <SunIcon /> : <MoonIcon />} {t(isDark ? 'theme.toLight' : 'theme.toDark')}
      </CommandItem>
      <CommandItem onSelect={onShortcuts}>
        <KeyboardIcon /> {t('shortcuts.title')}
      </CommandItem>
    </CommandGroup>
  )
}
