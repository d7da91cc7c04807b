import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Checkbox } from '@/ui/checkbox.tsx'
import { ProjectTile } from '@/ui/project-tile.tsx'

interface WriterFieldsProps {
  /** Ids of projects. */
  chosen: readonly string[]
  onChange: (projectIds: string[]) => void
}

/** Which projects may write a global goal. */
export function WriterFields({ chosen, onChange }: WriterFieldsProps) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const projects = useQuery(trpc.projects.list.queryOptions()).data
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-sm font-medium">{t('goals.field.projects')}</legend>
      {projects?.length === 0 ? (
        <p className="text-xs text-muted-foreground">{t('goals.noProjects')}</p>
      ) : (
        <ul className="max-h-44 divide-y overflow-y-auto rounded-md border">
          {projects?.map(({ id, name, slug, color }) => (
            <li key={id}>
              <label className="flex h-8.5 items-center gap-2 px-3 hover:bg-accent/60">
                <Checkbox
                  checked={chosen.includes(id)}
                  onCheckedChange={(isOn) =>
                    onChange(isOn === true ? [...chosen, id] : chosen.filter((other) => other !== id))
                  }
                  aria-label={name}
                />
                <ProjectTile name={name} color={color} />
                <span className="min-w-0 truncate">{name}</span>
                <code className="ml-auto truncate text-xs text-muted-foreground">{slug}</code>
              </label>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  )
}
