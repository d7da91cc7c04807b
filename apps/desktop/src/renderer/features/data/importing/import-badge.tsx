import type { Model } from '@m3m/core/client'
import { LoaderIcon } from 'lucide-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { useImports } from './imports.ts'

/** An import that is under way: found again from the table. */
export function ImportBadge({ model }: { model: Model }) {
  const { t } = useTranslation()
  const { slug } = useProject()
  const job = useImports(model).find(({ state }) => state === 'running')
  if (!job) return null
  return (
    <Link
      to="/projects/$slug/data/$model"
      params={{ slug, model: model.slug }}
      search={(now: object) => ({ ...now, import: job.id })}
      className="flex h-8 items-center gap-1.5 rounded-md px-2 text-xs text-moving tabular hover:bg-accent"
    >
      <LoaderIcon aria-hidden className="size-3.5 motion-safe:animate-spin" />
      {t('importing.running', { done: job.done, rows: job.rows })}
    </Link>
  )
}
