import { useQuery } from '@tanstack/react-query'
import { RouteIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { formatMilliseconds, formatNumber } from '@/i18n/format.ts'
import { cn } from '@/ui/cn.ts'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Section } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/ui/table.tsx'

const REFRESH_MS = 5_000

/** Patterns, never raw paths: how often each was hit since the run began, and how long it took. */
export function RoutesTable() {
  const { t, i18n } = useTranslation()
  const project = useProject()
  const routes = useQuery(
    useTRPC().metrics.routes.queryOptions({ projectId: project.id }, { refetchInterval: REFRESH_MS }),
  )
  const rows = (routes.data ?? []).toSorted((a, b) => b.hits - a.hits)
  return (
    <Section title={t('metrics.routes')} className="max-h-96 overflow-y-auto">
      {routes.isPending ? (
        <SkeletonRows rows={3} />
      ) : rows.length === 0 ? (
        <EmptyState icon={<RouteIcon />} title={t('metrics.noRoutes')} className="py-8">
          {t('metrics.noRoutesHint')}
        </EmptyState>
      ) : (
        <Table>
          <TableHeader>
            <tr>
              <TableHead>{t('metrics.route')}</TableHead>
              <TableHead className="text-right">{t('metrics.hits')}</TableHead>
              <TableHead className="text-right">{t('metrics.failed')}</TableHead>
              <TableHead className="text-right max-sm:hidden">p50</TableHead>
              <TableHead className="text-right">p95</TableHead>
            </tr>
          </TableHeader>
          <TableBody>
            {rows.map((route) => (
              <TableRow key={`${route.method} ${route.pattern}`}>
                <TableCell className="font-mono">
                  <span className="flex flex-wrap items-baseline">
                    <span className="w-14 shrink-0 text-xs text-muted-foreground">{route.method}</span>
                    <span className="min-w-0 break-all">{route.pattern}</span>
                  </span>
                </TableCell>
                <NumberCell>{formatNumber(route.hits, i18n.language)}</NumberCell>
                <NumberCell isBad={route.errors > 0}>{formatNumber(route.errors, i18n.language)}</NumberCell>
                <NumberCell className="max-sm:hidden">
                  {route.hits > 0 ? formatMilliseconds(route.p50Ms, i18n.language) : '–'}
                </NumberCell>
                <NumberCell>
                  {route.hits > 0 ? formatMilliseconds(route.p95Ms, i18n.language) : '–'}
                </NumberCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Section>
  )
}

interface NumberCellProps {
  isBad?: boolean
  className?: string
  children: string
}

function NumberCell({ isBad = false, className, children }: NumberCellProps) {
  return (
    <TableCell
      className={cn('text-right font-mono whitespace-nowrap tabular', isBad && 'text-crashed', className)}
    >
      {children}
    </TableCell>
  )
}
