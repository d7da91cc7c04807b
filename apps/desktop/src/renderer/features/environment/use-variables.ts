import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Inputs, type Outputs } from '@/app/trpc/trpc.ts'
import { toast } from '@/ui/toaster.tsx'
import { countChanges, moved, problemsOf, rowOf, variableOf, type VariableRow } from './variable-rows.ts'

export type VariableList = Outputs['env']['list']
export type VariablesForm = ReturnType<typeof useVariables>

/** The table of variables as a form, saved all at once. */
export function useVariables(list: VariableList) {
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
