import { useQuery } from '@tanstack/react-query'
import { ChevronsUpDownIcon } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/ui/cn.ts'
import { Popover, PopoverContent, PopoverTrigger } from '@/ui/popover.tsx'
import { ProjectTile } from '@/ui/project-tile.tsx'
import { StateDot } from '@/ui/run-badges.tsx'
import { useRunStates } from '../project/run-state.ts'
import { useTRPC } from '../trpc/trpc.ts'
import { useRouteProject } from './route-project.ts'

const SwitcherList = lazy(() => import('./switcher-list.tsx').then((m) => ({ default: m.SwitcherList })))

/** Tile, name, state dot; type to search, New project at its end. */
export function ProjectSwitcher({ isFolded }: { isFolded: boolean }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const project = useRouteProject()
  const state = useRunStates().get(project?.id ?? '')?.observed.state ?? 'stopped'
  const trpc = useTRPC()
  useQuery(trpc.projects.list.queryOptions(undefined, { enabled: isOpen }))
  return (
    <Popover open={isOpen} onOpenChange={setOpen}>
      <PopoverTrigger
        aria-label={t('switcher.label')}
        className={cn(
          'flex h-9 w-full items-center gap-2 rounded-md border border-sidebar-border bg-background text-sm text-foreground hover:bg-sidebar-accent',
          isFolded ? 'justify-center border-transparent bg-transparent' : 'px-2',
        )}
      >
        {project ? <ProjectTile name={project.name} color={project.color} /> : null}
        {isFolded ? (
          project ? null : (
            <ChevronsUpDownIcon className="size-4 text-muted-foreground" />
          )
        ) : (
          <>
            <span className={cn('truncate font-medium', !project && 'font-normal text-muted-foreground')}>
              {project?.name ?? t('switcher.choose')}
            </span>
            {project ? <StateDot state={state} /> : null}
            <ChevronsUpDownIcon className="ml-auto size-3.5 shrink-0 text-muted-foreground" />
          </>
        )}
      </PopoverTrigger>
      <PopoverContent className="w-72 p-0">
        <Suspense fallback={<div className="h-24" />}>
          <SwitcherList onDone={() => setOpen(false)} />
        </Suspense>
      </PopoverContent>
    </Popover>
  )
}
