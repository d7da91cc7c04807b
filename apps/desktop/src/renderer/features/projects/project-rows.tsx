import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useRunStates } from '@/app/project/run-state.ts'
import type { Outputs } from '@/app/trpc/trpc.ts'
import { ProjectTile } from '@/ui/project-tile.tsx'
import { SourceBadge, StateBadge } from '@/ui/run-badges.tsx'
import { Skeleton } from '@/ui/skeleton.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/ui/table.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'

type Project = Outputs['projects']['list'][number]

export function ProjectRows({ projects, filter }: { projects: Project[]; filter: string }) {
  const { t } = useTranslation()
  const states = useRunStates()
  const wanted = filter.trim().toLowerCase()
  const shown = projects.filter(({ name, slug }) => `${name} ${slug}`.toLowerCase().includes(wanted))
  return (
    <Table>
      <TableHeader>
        <TableRow className="hover:bg-transparent">
          <TableHead>{t('projects.column.name')}</TableHead>
          <TableHead>{t('projects.column.state')}</TableHead>
          <TableHead className="hidden md:table-cell">{t('projects.column.runs')}</TableHead>
          <TableHead className="hidden text-right lg:table-cell">{t('projects.column.since')}</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {shown.map((project) => (
          <ProjectRow key={project.id} project={project} states={states} />
        ))}
        {shown.length === 0 ? (
          <TableRow>
            <TableCell colSpan={4} className="py-6 text-center text-muted-foreground">
              {t('projects.noneMatch', { filter })}
            </TableCell>
          </TableRow>
        ) : null}
      </TableBody>
    </Table>
  )
}

/** The whole row is the link: the name's link is stretched over it. */
function ProjectRow({ project, states }: { project: Project; states: ReturnType<typeof useRunStates> }) {
  const observed = states.of(project.id)?.observed
  const name = states.nameOf(project.id)
  const isUp = observed && name !== 'stopped'
  return (
    <TableRow className="relative h-11">
      {/* Takes what the other columns leave, and shortens its names to that. */}
      <TableCell className="w-full max-w-0">
        <div className="flex min-w-0 items-center gap-2.5">
          <ProjectTile name={project.name} color={project.color} className="size-6" />
          <Link
            to="/projects/$slug"
            params={{ slug: project.slug }}
            className="min-w-0 truncate font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring"
          >
            {project.name}
          </Link>
          <code className="hidden min-w-0 shrink-[2] truncate text-muted-foreground sm:inline">
            {project.slug}
          </code>
        </div>
      </TableCell>
      <TableCell>{name ? <StateBadge state={name} /> : <Skeleton className="h-5.5 w-20" />}</TableCell>
      <TableCell className="hidden md:table-cell">
        {isUp ? <SourceBadge source={observed.source} branch={observed.branch} tag={observed.tag} /> : null}
      </TableCell>
      <TableCell className="hidden text-right whitespace-nowrap text-muted-foreground tabular lg:table-cell">
        {observed?.runId ? <TimeAgo at={observed.since} /> : '–'}
      </TableCell>
    </TableRow>
  )
}
