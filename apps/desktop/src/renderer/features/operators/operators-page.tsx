import { useQuery } from '@tanstack/react-query'
import { PlusIcon, UsersIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { OperatorAvatar } from '@/app/session/operator-avatar.tsx'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { Badge } from '@/ui/badge.tsx'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Page } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/ui/table.tsx'
import { TimeAgo } from '@/ui/time-ago.tsx'
import { OperatorActions } from './operator-actions.tsx'
import { OperatorDialog } from './operator-dialog.tsx'

export type Operator = Outputs['users']['list'][number]

export function OperatorsPage() {
  const { t } = useTranslation()
  const trpc = useTRPC()
  const operators = useQuery(trpc.users.list.queryOptions())
  const [isAdding, setAdding] = useState(false)
  const add = (
    <Button onClick={() => setAdding(true)}>
      <PlusIcon /> {t('operators.new')}
    </Button>
  )
  return (
    <Page title={t('nav.operators')} actions={operators.error ? null : add}>
      <div className="rounded-md border">
        {operators.isPending ? <SkeletonRows rows={4} /> : null}
        {operators.error ? (
          <ErrorState error={operators.error} onRetry={() => void operators.refetch()} className="m-3" />
        ) : null}
        {operators.data ? <OperatorTable operators={operators.data} /> : null}
        {operators.data && operators.data.length <= 1 ? (
          <EmptyState icon={<UsersIcon />} title={t('operators.empty')} className="border-t">
            {t('operators.emptyHint')}
          </EmptyState>
        ) : null}
      </div>
      {isAdding ? <OperatorDialog onClose={() => setAdding(false)} /> : null}
    </Page>
  )
}

function OperatorTable({ operators }: { operators: Operator[] }) {
  const { t } = useTranslation()
  return (
    <Table>
      <TableHeader>
        <TableRow className="hover:bg-transparent">
          <TableHead>{t('operators.column.name')}</TableHead>
          <TableHead className="hidden md:table-cell">{t('operators.column.rights')}</TableHead>
          <TableHead>{t('operators.column.state')}</TableHead>
          <TableHead className="hidden lg:table-cell">{t('operators.column.seen')}</TableHead>
          <TableHead className="w-10" />
        </TableRow>
      </TableHeader>
      <TableBody>
        {operators.map((operator) => (
          <TableRow key={operator.id} className="h-11">
            <TableCell>
              <div className="flex items-center gap-2.5">
                <OperatorAvatar operator={operator} className="size-7" />
                <div className="min-w-0">
                  <div className="font-medium">{operator.name}</div>
                  <div className="text-xs break-all text-muted-foreground">{operator.email}</div>
                </div>
              </div>
            </TableCell>
            <TableCell className="hidden md:table-cell">
              <Rights operator={operator} />
            </TableCell>
            <TableCell>
              {operator.blocked ? (
                <Badge tint="--state-crashed">{t('operators.blocked')}</Badge>
              ) : (
                <span className="text-muted-foreground">{t('operators.active')}</span>
              )}
            </TableCell>
            <TableCell className="hidden text-muted-foreground lg:table-cell">
              {operator.lastSeenAt ? <TimeAgo at={operator.lastSeenAt} /> : t('operators.never')}
            </TableCell>
            <TableCell>{operator.manageable ? <OperatorActions operator={operator} /> : null}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

function Rights({ operator }: { operator: Operator }) {
  const { t } = useTranslation()
  if (operator.root) return <Badge tint="--tag-night-build">{t('operators.root')}</Badge>
  const { createProjects, manageUsers, projects } = operator.rights
  return (
    <div className="flex flex-wrap gap-1">
      {createProjects ? <Badge variant="muted">{t('operators.right.createProjects')}</Badge> : null}
      {manageUsers ? <Badge variant="muted">{t('operators.right.manageUsers')}</Badge> : null}
      {projects.length > 0 ? (
        <Badge variant="muted">{t('operators.projectCount', { count: projects.length })}</Badge>
      ) : null}
    </div>
  )
}
