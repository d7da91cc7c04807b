import { useQuery } from '@tanstack/react-query'
import { PlusIcon, VariableIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { LeaveGuard } from '@/app/leave/leave-guard.tsx'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Page } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { useShortcut } from '@/ui/use-shortcut.ts'
import { EnvironmentActions } from './environment-actions.tsx'
import { useVariables, type VariableList } from './use-variables.ts'
import { VariableTable } from './variable-table.tsx'

/** Variables of the project: edited as one table, saved all at once. */
export function EnvironmentPage() {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const list = useQuery(
    trpc.env.list.queryOptions({ projectId: project.id }, { staleTime: Infinity, refetchOnMount: 'always' }),
  )
  const [attempt, setAttempt] = useState(0)
  if (list.isPending || list.error)
    return (
      <Page title={t('nav.environment')}>
        {list.error ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : (
          <div className="rounded-md border">
            <SkeletonRows rows={4} />
          </div>
        )}
      </Page>
    )
  const loadTheirs = () => void list.refetch().then(() => setAttempt((n) => n + 1))
  return <Editor key={attempt} list={list.data} onLoadTheirs={loadTheirs} />
}

function Editor({ list, onLoadTheirs }: { list: VariableList; onLoadTheirs: () => void }) {
  const { t } = useTranslation()
  const mayWrite = useMay('code:write')
  const form = useVariables(list)
  const { rows, changes, problems, save } = form
  useShortcut({ keys: 'Mod+S', inFields: true }, form.submit, mayWrite && changes > 0)
  const conflict = save.error ? describeError(save.error).status === 409 : false
  return (
    <Page
      title={t('nav.environment')}
      aside={
        changes > 0 ? (
          <span className="text-xs" aria-live="polite">
            {t('env.changes', { count: changes })}
          </span>
        ) : null
      }
      actions={<EnvironmentActions form={form} mayWrite={mayWrite} />}
    >
      <LeaveGuard isChanged={changes > 0} />
      {conflict ? (
        <div
          role="alert"
          className="flex flex-wrap items-center gap-3 rounded-md border border-limited/40 px-3 py-2"
        >
          <span>{t('env.conflict')}</span>
          <Button size="sm" variant="outline" className="ml-auto" onClick={onLoadTheirs}>
            {t('env.loadTheirs')}
          </Button>
        </div>
      ) : save.error ? (
        <ErrorState error={save.error} />
      ) : null}
      <div className="rounded-md border">
        {rows.length === 0 ? (
          <EmptyState
            icon={<VariableIcon />}
            title={t('env.empty')}
            action={
              mayWrite ? (
                <Button onClick={form.add}>
                  <PlusIcon /> {t('env.add')}
                </Button>
              ) : null
            }
          >
            {t('env.emptyHint')}
          </EmptyState>
        ) : (
          <VariableTable
            rows={rows}
            problems={form.isShowingProblems ? problems : new Map()}
            isReadOnly={!mayWrite}
            onChange={form.change}
            onRemove={form.remove}
            onMove={form.move}
          />
        )}
      </div>
    </Page>
  )
}
