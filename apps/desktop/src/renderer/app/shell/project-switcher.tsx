import { ChevronsUpDownIcon } from 'lucide-react'
import { lazy, Suspense, useState, type ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { cn } from '@/ui/cn.ts'
import { ProjectTile } from '@/ui/project-tile.tsx'
import { StateDot } from '@/ui/run-badges.tsx'
import { useRunStates } from '../project/run-state.ts'
import { useRouteProject } from './route-project.ts'

const SwitcherPopover = lazy(() =>
  import('./switcher-popover.tsx').then((m) => ({ default: m.SwitcherPopover })),
)

/** Tile, name, state dot; type to search, New project at its end. What opens is loaded at the first click. */
export function ProjectSwitcher({ isFolded }: { isFolded: boolean }) {
  const [isWanted, setWanted] = useState(false)
  const closed = <SwitcherButton isFolded={isFolded} aria-haspopup="dialog" onClick={() => setWanted(true)} />
  if (!isWanted) return closed
  return (
    <Suspense fallback={closed}>
      <SwitcherPopover>
        <SwitcherButton isFolded={isFolded} />
      </SwitcherPopover>
    </Suspense>
  )
}

function SwitcherButton({ isFolded, ...props }: { isFolded: boolean } & ComponentProps<'button'>) {
  const { t } = useTranslation()
  const project = useRouteProject()
  const state = useRunStates().nameOf(project?.id ?? '')
  return (
    <button
      type="button"
      aria-label={t('switcher.label')}
      {...props}
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
    </button>
  )
}
