import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { PlusIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from '@/ui/command.tsx'
import { ProjectTile } from '@/ui/project-tile.tsx'
import { StateDot } from '@/ui/run-badges.tsx'
import { useRunStates } from '../project/run-state.ts'
import { useMe } from '../session/panel.tsx'
import { useTRPC } from '../trpc/trpc.ts'

export function SwitcherList({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const trpc = useTRPC()
  const me = useMe()
  const states = useRunStates()
  const projects = useQuery(trpc.projects.list.queryOptions())
  return (
    <Command>
      <CommandInput placeholder={t('switcher.search')} autoFocus />
      <CommandList>
        <CommandEmpty>{t('switcher.none')}</CommandEmpty>
        <CommandGroup>
          {projects.data?.map((project) => (
            <CommandItem
              key={project.id}
              value={`${project.name} ${project.slug}`}
              onSelect={() => {
                onDone()
                void navigate({ to: '/projects/$slug', params: { slug: project.slug } })
              }}
            >
              <ProjectTile name={project.name} color={project.color} />
              <span className="truncate">{project.name}</span>
              <StateDot state={states.nameOf(project.id)} className="ml-auto" />
            </CommandItem>
          ))}
        </CommandGroup>
        {me?.root || me?.rights.createProjects ? (
          <CommandGroup className="border-t">
            <CommandItem
              value={t('projects.new')}
              forceMount
              onSelect={() => {
                onDone()
                void navigate({ to: '/projects', search: { new: true } })
              }}
            >
              <PlusIcon /> {t('projects.new')}
            </CommandItem>
          </CommandGroup>
        ) : null}
      </CommandList>
    </Command>
  )
}
