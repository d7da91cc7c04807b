import type { Model, TableView, ViewColumn } from '@m3m/core/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Outputs } from '@/app/trpc/trpc.ts'
import { toast } from '@/ui/toaster.tsx'
import { savedColumns } from '../grid/columns.ts'
import { shownBy, type ViewState } from '../grid/view-state.ts'

/** What asks for a name first. */
export type NamedWrite = 'new' | 'rename' | 'duplicate'

/** All of a view but its name. */
interface ViewShape {
  filter?: string
  search?: string
  sort?: string
  columns: ViewColumn[]
}

/** What is done to views. A view that was saved is the one that is shown. */
export function useViewWrites(model: Model, state: ViewState) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const where = { projectId: project.id, model: model.slug }
  const listKey = trpc.views.list.queryKey(where)
  const again = () => queryClient.invalidateQueries({ queryKey: listKey })
  const write = useMutation(trpc.views.save.mutationOptions({ meta: { showsError: true }, onSettled: again }))
  const removal = useMutation(trpc.views.remove.mutationOptions({ onSettled: again }))

  const now = (): ViewShape => ({
    ...(state.filter && { filter: state.filter }),
    ...(state.search && { search: state.search }),
    ...(state.sort && { sort: state.sort }),
    columns: savedColumns(state.columns),
  })
  const shapeOf = (view: TableView): ViewShape => {
    const { filter, search, sort } = shownBy(view)
    return {
      ...(filter && { filter }),
      ...(search && { search }),
      ...(sort && { sort }),
      columns: view.columns,
    }
  }
  /** A replaced view keeps its name and whether it opens by itself. */
  const save = ({ view, ...shape }: { view: TableView } & ViewShape) =>
    write.mutate(
      { ...where, viewId: view.id, name: view.name, isDefault: view.isDefault, ...shape },
      {
        onSuccess: (saved) => {
          put(saved)
          state.settle(saved)
          toast.success(t('views.saved', { name: saved.name }))
        },
      },
    )
  /** So that it is there when the address names it. */
  const put = (saved: Outputs['views']['save']) =>
    queryClient.setQueryData(listKey, (all) => [...(all ?? []).filter(({ id }) => id !== saved.id), saved])
  return {
    now,
    save,
    error: write.error,
    isPending: write.isPending || removal.isPending,
    reset: () => write.reset(),
    setDefault: (view: TableView) =>
      write.mutate({
        ...where,
        viewId: view.id,
        name: view.name,
        ...shapeOf(view),
        isDefault: !view.isDefault,
      }),
    named: (what: NamedWrite, name: string, onDone: () => void) => {
      const { view } = state
      const shape = what === 'new' || !view ? now() : shapeOf(view)
      const own = what === 'rename' && view ? { viewId: view.id, isDefault: view.isDefault } : {}
      write.mutate(
        { ...where, ...own, name, ...shape },
        {
          onSuccess: (saved) => {
            put(saved)
            if (what === 'new') state.settle(saved)
            else if (what === 'duplicate') state.choose(saved)
            onDone()
          },
        },
      )
    },
    remove: (view: TableView, onDone: () => void) =>
      removal.mutate(
        { ...where, viewId: view.id },
        {
          onSuccess: () => {
            state.choose(null)
            onDone()
          },
        },
      ),
  }
}
