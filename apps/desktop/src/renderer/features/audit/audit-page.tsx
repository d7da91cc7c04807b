import { useInfiniteQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { DownloadIcon, HistoryIcon, RotateCwIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useFileDownload } from '@/app/files/use-file-download.ts'
import { useTRPC, useTRPCClient } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/ui/menu.tsx'
import { Page } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { AuditTable } from './audit-table.tsx'
import { filterOf } from './audit-filter.ts'
import { useTypedText } from './use-typed-text.ts'

const PAGE = 100

/** Who did what, when, from where, and what it changed. Only ever added to. */
export function AuditPage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/audit' })
  const text = useTypedText()
  const filter = filterOf(search)
  const log = useAuditLog(filter)
  const rows = log.data?.pages.flat() ?? []
  return (
    <Page
      title={t('audit.title')}
      actions={
        <>
          {log.hasPreviousPage ? (
            <Button
              variant="ghost"
              disabled={log.isFetchingPreviousPage}
              onClick={() => void log.fetchPreviousPage()}
            >
              <RotateCwIcon /> {t('audit.newer')}
            </Button>
          ) : null}
          <ExportMenu filter={filterOf({ ...search, text: text.typed.trim() })} />
        </>
      }
    >
      <AuditFilters text={text} />
      <div className="rounded-md border">
        {log.isPending ? <SkeletonRows rows={10} /> : null}
        {log.error ? (
          <ErrorState error={log.error} onRetry={() => void log.refetch()} className="m-3" />
        ) : null}
        {log.data && rows.length === 0 ? (
          <EmptyState icon={<HistoryIcon />} title={t('audit.empty')}>
            {t('audit.emptyHint')}
          </EmptyState>
        ) : null}
        {rows.length > 0 ? <AuditTable rows={rows} /> : null}
      </div>
      {log.hasNextPage ? (
        <Button
          variant="outline"
          className="self-center"
          disabled={log.isFetchingNextPage}
          onClick={() => void log.fetchNextPage()}
        >
          {t('audit.more')}
        </Button>
      ) : null}
    </Page>
  )
}

type Filter = ReturnType<typeof filterOf>
type Mark = { before: string } | { after: string } | null

/** Pages both ways: older ones at the end; at the front what was done since the page was opened. */
function useAuditLog(filter: Filter) {
  const trpc = useTRPC()
  const client = useTRPCClient()
  return useInfiniteQuery({
    queryKey: [...trpc.audit.list.queryKey({ ...filter, limit: PAGE }), 'pages'],
    queryFn: ({ pageParam, signal }) =>
      client.audit.list.query({ ...filter, limit: PAGE, ...pageParam }, { signal }),
    initialPageParam: null as Mark,
    getNextPageParam: (page): Mark | undefined =>
      page.length === PAGE ? { before: page.at(-1)!.id } : undefined,
    getPreviousPageParam: (_page, pages): Mark | undefined => {
      const newest = pages.flat()[0]
      return newest && { after: newest.id }
    },
  })
}

/** What the filters leave, whole; also of words that are typed and not yet in the list. */
function ExportMenu({ filter }: { filter: Filter }) {
  const { t } = useTranslation()
  const download = useFileDownload()
  const save = (format: 'csv' | 'ndjson') => {
    const query = new URLSearchParams({ ...filter, format })
    void download('/files/audit', `audit.${format}`, query.toString())
  }
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button variant="outline">
          <DownloadIcon /> {t('audit.export')}
        </Button>
      </MenuTrigger>
      <MenuContent align="end">
        <MenuItem onSelect={() => save('csv')}>{t('audit.exportAs.csv')}</MenuItem>
        <MenuItem onSelect={() => save('ndjson')}>{t('audit.exportAs.ndjson')}</MenuItem>
      </MenuContent>
    </Menu>
  )
}
