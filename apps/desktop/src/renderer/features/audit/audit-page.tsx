import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { HistoryIcon } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useTRPC, useTRPCClient, type Outputs } from '@/app/trpc/trpc.ts'
import { formatDateTime } from '@/i18n/format.ts'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Input } from '@/ui/input.tsx'
import { Page } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/ui/table.tsx'

const PAGE = 100

/** Who did what, when and from where. */
export function AuditPage() {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const client = useTRPCClient()
  const [typed, setTyped] = useState('')
  const action = useDeferredValue(typed.trim())
  const query = { limit: PAGE, ...(action && { action }) }
  const entries = useInfiniteQuery({
    queryKey: [...trpc.audit.list.queryKey(query), 'pages'],
    queryFn: ({ pageParam, signal }) =>
      client.audit.list.query({ ...query, ...(pageParam && { before: pageParam }) }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.length === PAGE ? page.at(-1)!.id : undefined),
  })
  const rows = entries.data?.pages.flat() ?? []
  return (
    <Page
      title={t('audit.title')}
      actions={
        <Input
          type="search"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          placeholder={t('audit.filter')}
          aria-label={t('audit.filterLabel')}
          className="w-60"
        />
      }
    >
      <div className="rounded-md border">
        {entries.isPending ? <SkeletonRows rows={10} /> : null}
        {entries.error ? (
          <ErrorState error={entries.error} onRetry={() => void entries.refetch()} className="m-3" />
        ) : null}
        {entries.data && rows.length === 0 ? (
          <EmptyState icon={<HistoryIcon />} title={t('audit.empty')}>
            {t('audit.emptyHint')}
          </EmptyState>
        ) : null}
        {rows.length > 0 ? <AuditTable rows={rows} /> : null}
      </div>
      {entries.hasNextPage ? (
        <Button
          variant="outline"
          className="justify-self-center self-center"
          disabled={entries.isFetchingNextPage}
          onClick={() => void entries.fetchNextPage()}
        >
          {t('audit.more')}
        </Button>
      ) : null}
    </Page>
  )
}

function AuditTable({ rows }: { rows: Outputs['audit']['list'] }) {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const projects = useQuery(trpc.projects.list.queryOptions())
  const nameOf = (id: string | null) => projects.data?.find((project) => project.id === id)?.name
  return (
    <Table>
      <TableHeader>
        <TableRow className="hover:bg-transparent">
          <TableHead>{t('audit.column.at')}</TableHead>
          <TableHead>{t('audit.column.who')}</TableHead>
          <TableHead>{t('audit.column.action')}</TableHead>
          <TableHead>{t('audit.column.target')}</TableHead>
          <TableHead className="hidden lg:table-cell">{t('audit.column.address')}</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((entry) => (
          <TableRow key={entry.id}>
            <TableCell className="font-mono text-xs whitespace-nowrap text-muted-foreground tabular">
              {formatDateTime(entry.at)}
            </TableCell>
            <TableCell className="whitespace-nowrap">{entry.actor?.name ?? t('audit.agent')}</TableCell>
            <TableCell>
              <code>{entry.action}</code>
            </TableCell>
            <TableCell className="max-w-72 truncate">
              {[nameOf(entry.projectId), entry.target].filter(Boolean).join(' · ')}
            </TableCell>
            <TableCell className="hidden font-mono text-xs text-muted-foreground lg:table-cell">
              {entry.address}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}
