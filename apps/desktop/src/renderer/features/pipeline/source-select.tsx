import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import {
  Select,
  SelectContent,
  SelectGroup,
  SelectItem,
  SelectLabel,
  SelectTrigger,
  SelectValue,
} from '@/ui/select.tsx'
import type { Branches } from './branch-editor.tsx'

export type Source = { release: string } | { branch: string }

interface SourceSelectProps {
  value: Source | null
  onChange: (source: Source) => void
  branches: Branches
  /** Left out of the branches. */
  except?: string
  id?: string
}

const keyOf = (source: Source) =>
  'release' in source ? `release:${source.release}` : `branch:${source.branch}`

/** A release or a branch. */
export function SourceSelect({ value, onChange, branches, except, ...props }: SourceSelectProps) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const releases = useQuery(trpc.pipeline.releases.queryOptions({ projectId: useProject().id }))
  const choose = (key: string) => {
    const name = key.slice(key.indexOf(':') + 1)
    onChange(key.startsWith('release:') ? { release: name } : { branch: name })
  }
  const names = branches.map(({ name }) => name).filter((name) => name !== except)
  return (
    <Select value={value ? keyOf(value) : ''} onValueChange={choose}>
      <SelectTrigger {...props}>
        <SelectValue placeholder={t('pipeline.chooseSource')} />
      </SelectTrigger>
      <SelectContent>
        {releases.data?.length ? (
          <SelectGroup>
            <SelectLabel>{t('run.releases')}</SelectLabel>
            {releases.data.map(({ version, branch, tag }) => (
              <SelectItem key={version} value={`release:${version}`}>
                {version} · {branch} · {tag}
              </SelectItem>
            ))}
          </SelectGroup>
        ) : null}
        {names.length > 0 ? (
          <SelectGroup>
            <SelectLabel>{t('pipeline.branches')}</SelectLabel>
            {names.map((name) => (
              <SelectItem key={name} value={`branch:${name}`}>
                {name}
              </SelectItem>
            ))}
          </SelectGroup>
        ) : null}
      </SelectContent>
    </Select>
  )
}
