import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { DownloadIcon, PlusIcon, UploadIcon, VariableIcon } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError } from '@/app/errors/describe-error.ts'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { LeaveGuard } from '@/app/leave/leave-guard.tsx'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Inputs, type Outputs } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'
import { EmptyState } from '@/ui/empty-state.tsx'
import { Page } from '@/ui/page.tsx'
import { SkeletonRows } from '@/ui/skeleton.tsx'
import { toast } from '@/ui/toaster.tsx'
import { useShortcut } from '@/ui/use-shortcut.ts'
import { saveFile } from '@/ui/save-file.ts'
import { writeDotEnv } from './dot-env.ts'
import { ImportDialog } from './import-dialog.tsx'
import { VariableTable } from './variable-table.tsx'
import { countChanges, moved, problemsOf, rowOf, variableOf, type VariableRow } from './variable-rows.ts'

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

type List = Outputs['env']['list']

function Editor({ list, onLoadTheirs }: { list: List; onLoadTheirs: () => void }) {
  const { t } = useTranslation()
  const mayWrite = useMay('code:write')
  const project = useProject()
  const form = useVariables(list)
  const [isImporting, setImporting] = useState(false)
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
      actions={
        mayWrite ? (
          <>
            {changes > 0 ? (
              <Button variant="ghost" onClick={form.discard}>
                {t('action.discard')}
              </Button>
            ) : null}
            <Button variant="outline" onClick={() => setImporting(true)}>
              <UploadIcon /> {t('env.import.open')}
            </Button>
            {rows.length > 0 ? (
              <Button
                variant="outline"
                disabled={problems.size > 0}
                onClick={() => exportRows(rows, project.slug)}
              >
                <DownloadIcon /> {t('env.export')}
              </Button>
            ) : null}
            <Button variant="outline" onClick={form.add}>
              <PlusIcon /> {t('env.add')}
            </Button>
            <Button disabled={changes === 0 || save.isPending} onClick={form.submit}>
              {t('env.save')}
            </Button>
          </>
        ) : null
      }
    >
      <LeaveGuard isChanged={changes > 0} />
      {isImporting ? (
        <ImportDialog
          rows={rows}
          firstId={form.nextId()}
          onRows={form.replace}
          onClose={() => setImporting(false)}
        />
      ) : null}
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

function exportRows(rows: readonly VariableRow[], slug: string): void {
  saveFile(new Blob([writeDotEnv(rows)], { type: 'text/plain' }), `${slug}.env`)
}

function useVariables(list: List) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [saved, setSaved] = useState(() => list.variables.map(rowOf))
  const [rows, setRows] = useState<VariableRow[]>(saved)
  const [revision, setRevision] = useState(list.revision)
  const [isShowingProblems, setShowingProblems] = useState(false)
  const problems = problemsOf(rows)
  const save = useMutation(
    trpc.env.save.mutationOptions({
      meta: { showsError: true },
      onSuccess: (next) => {
        queryClient.setQueryData(trpc.env.list.queryKey({ projectId: project.id }), next)
        const fresh = next.variables.map(rowOf)
        setSaved(fresh)
        setRows(fresh)
        setRevision(next.revision)
        setShowingProblems(false)
        toast.success(t('env.saved'))
      },
    }),
  )
  const nextId = () => Math.max(-1, ...rows.map((row) => row.id), ...saved.map((row) => row.id)) + 1
  const submit = () => {
    setShowingProblems(true)
    if (problems.size > 0) return
    const variables = rows.map(variableOf) as Inputs['env']['save']['variables']
    save.mutate({ projectId: project.id, variables, revision })
  }
  return {
    rows,
    problems,
    isShowingProblems,
    changes: countChanges(rows, saved),
    save,
    submit,
    discard: () => {
      setRows(saved)
      setShowingProblems(false)
      save.reset()
    },
    nextId,
    replace: setRows,
    add: () => setRows([...rows, { id: nextId(), key: '', type: 'string', text: '', isSet: false }]),
    move: (id: number, by: -1 | 1) => setRows(moved(rows, id, by)),
    change: (row: VariableRow) => setRows(rows.map((other) => (other.id === row.id ? row : other))),
    remove: (id: number) => setRows(rows.filter((row) => row.id !== id)),
  }
}
