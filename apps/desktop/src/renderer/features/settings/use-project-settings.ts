import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError } from '@/app/errors/describe-error.ts'
import { useUnsaved } from '@/app/leave/unsaved.tsx'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC, type Inputs } from '@/app/trpc/trpc.ts'
import { toast } from '@/ui/toaster.tsx'

type Changes = NonNullable<Inputs['projects']['update']['settings']>

/** A part of the project's settings as a form: its draft, whether it differs, how it is saved. */
export function useProjectSettings<T>(saved: T, toChanges: (draft: T) => Changes) {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState(saved)
  const isChanged = JSON.stringify(draft) !== JSON.stringify(saved)
  const update = useMutation(
    trpc.projects.update.mutationOptions({
      meta: { showsError: true },
      onSuccess: async (next) => {
        queryClient.setQueryData(trpc.projects.get.queryKey({ slug: next.slug }), next)
        toast.success(t('settings.saved'))
        await queryClient.invalidateQueries({ queryKey: trpc.projects.pathKey() })
      },
    }),
  )
  useUnsaved(isChanged)
  return {
    draft,
    set: (change: Partial<T>) => setDraft({ ...draft, ...change }),
    isChanged,
    isPending: update.isPending,
    error: update.error,
    fieldError(path: string): string | undefined {
      const { fields = {} } = update.error ? describeError(update.error) : {}
      const found = Object.keys(fields).find(
        (name) => name === `settings.${path}` || name.startsWith(`settings.${path}.`),
      )
      return found === undefined ? undefined : fields[found]?.message
    },
    save: () => update.mutate({ projectId: project.id, settings: toChanges(draft) }),
  }
}
