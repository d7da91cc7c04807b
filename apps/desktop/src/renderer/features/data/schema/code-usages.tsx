import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'

/** The branch that every project has, where code is written. */
const BRANCH = 'develop'
const MOST_KEYS = 5
const MOST_HITS = 6

/** Lines of the service's code that name these fields. */
export function CodeUsages({ keys }: { keys: readonly string[] }) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const asked = keys.slice(0, MOST_KEYS)
  const found = useQueries({
    queries: asked.map((text) =>
      trpc.pipeline.search.queryOptions({ projectId: project.id, source: { branch: BRANCH }, text }),
    ),
  })
  const hits = found.flatMap(({ data }, index) =>
    (data?.hits ?? []).filter(({ text }) => isNamed(text, asked[index]!)),
  )
  if (hits.length === 0) return null
  return (
    <div className="grid gap-1">
      <span className="text-xs font-medium">
        {t('schema.usedInCode', { count: hits.length, branch: BRANCH })}
      </span>
      <ul className="grid gap-0.5">
        {hits.slice(0, MOST_HITS).map((hit) => (
          <li key={`${hit.file}:${hit.line}`} className="flex min-w-0 items-baseline gap-2 text-xs">
            <Link
              to="/projects/$slug/pipeline"
              params={{ slug: project.slug }}
              search={{ branch: BRANCH, file: hit.file, line: hit.line }}
              target="_blank"
              className="shrink-0 font-mono underline underline-offset-2"
            >
              {hit.file}:{hit.line}
            </Link>
            <code className="min-w-0 truncate text-muted-foreground">{hit.text.trim()}</code>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** As a word of its own: `price`, not `priceless`. Pure. */
export function isNamed(line: string, key: string): boolean {
  return new RegExp(`(?<![\\w$])${key.replace(/[$]/g, '\\$&')}(?![\\w$])`).test(line)
}
