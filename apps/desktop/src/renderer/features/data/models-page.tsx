import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { DatabaseIcon, PlusIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { formatBytes } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Page } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/ui/table.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import { NewModelDialog } from './new-model-dialog.tsx'
import { ConversionShare } from './schema/conversion-banner.tsx'

/** Models of the project. */
export function ModelsPage() {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const mayWrite = useMay('code:write')
  const models = useQuery(trpc.models.list.queryOptions({ projectId: project.id }))
  const [isMaking, setMaking] = useState(false)
  const count = models.data?.length ?? 0
  const newModel = mayWrite ? (
    <Button onClick={() => setMaking(true)}>
      <PlusIcon /> {t('data.newModel')}
    </Button>
  ) : null
  return (
    <Page
      title={t('nav.data')}
      aside={count > 0 ? <span className="tabular">{count}</span> : null}
      actions={count > 0 ? newModel : null}
    >
      <div className="rounded-md border">
        {models.isPending ? <SkeletonRows rows={4} /> : null}
        {models.error ? (
          <ErrorState error={models.error} onRetry={() => void models.refetch()} className="m-3" />
        ) : null}
        {models.data && count === 0 ? (
          <EmptyState icon={<DatabaseIcon />} title={t('data.empty')} action={newModel}>
            {t('data.emptyHint')}
          </EmptyState>
        ) : null}
        {count > 0 ? <ModelTable models={models.data!} /> : null}
      </div>
      {isMaking ? <NewModelDialog models={models.data ?? []} onClose={() => setMaking(false)} /> : null}
    </Page>
  )
}

function ModelTable({ models }: { models: Outputs['models']['list'] }) {
  const { t, i18n } = useTranslation()
  const { slug, id: projectId } = useProject()
  const trpc = useTRPC()
  const counts = useQuery(trpc.models.counts.queryOptions({ projectId })).data
  const sizes = useQuery(trpc.models.sizes.queryOptions({ projectId })).data
  const numbers = new Intl.NumberFormat(i18n.language)
  return (
    <Table>
      <TableHeader>
        <TableRow className="hover:bg-transparent">
          <TableHead>{t('data.column.name')}</TableHead>
          <TableHead className="hidden sm:table-cell">{t('data.column.slug')}</TableHead>
          <TableHead className="hidden sm:table-cell">{t('data.column.fields')}</TableHead>
          <TableHead className="text-right">{t('data.column.records')}</TableHead>
          <TableHead className="hidden text-right sm:table-cell">{t('data.column.size')}</TableHead>
          <TableHead className="hidden text-right md:table-cell">{t('data.column.updated')}</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {models.map((model) => (
          <TableRow key={model.id} className="relative">
            <TableCell className="w-1/4 max-w-0 min-w-40 truncate max-sm:w-full">
              <Link
                to="/projects/$slug/data/$model"
                params={{ slug, model: model.slug }}
                className="font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring"
              >
                {model.name}
              </Link>
              <ConversionShare modelId={model.id} />
            </TableCell>
            <TableCell className="hidden max-w-64 truncate sm:table-cell">
              <code className="text-muted-foreground">database.{model.slug}</code>
            </TableCell>
            <TableCell className="hidden w-2/5 max-w-0 truncate text-muted-foreground sm:table-cell">
              {model.fields.map(({ key }) => key).join(', ')}
            </TableCell>
            <TableCell className="text-right font-mono text-xs tabular">
              {counts ? numbers.format(counts[model.id] ?? 0) : null}
            </TableCell>
            <TableCell className="hidden text-right text-xs whitespace-nowrap text-muted-foreground tabular sm:table-cell">
              {sizes ? formatBytes(sizes[model.id] ?? 0, i18n.language) : null}
            </TableCell>
            <TableCell className="hidden text-right whitespace-nowrap text-muted-foreground md:table-cell">
              <TimeAgo at={model.updatedAt} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}
