import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeError } from '@/app/errors/describe-error.ts'
import { useUnsaved } from '@/app/leave/unsaved.tsx'
import { useTRPC, type Inputs, type Outputs } from '@/app/trpc/trpc.ts'
import { toast } from '@/ui/toaster.tsx'

export type AgentSettings = Outputs['agent']['settings']
export type SectionName = 'address' | 'mail' | 'proxies' | 'sessions' | 'updates' | 'outbound' | 'backups'
type Update = NonNullable<Inputs['agent']['updateSettings']>

/** One section of Agent settings as a form: its draft, whether it differs, how it is saved or given back. */
export function useAgentSection<S extends SectionName>(
  name: S,
  settings: AgentSettings,
  onSaved?: () => void,
) {
  type Value = AgentSettings[S]['value']
  const { t } = useTranslation()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { value, source } = settings[name]
  const [draft, setDraft] = useState<Value>(value)
  const isChanged = JSON.stringify(draft) !== JSON.stringify(value)
  const update = useMutation(
    trpc.agent.updateSettings.mutationOptions({
      meta: { showsError: true },
      onSuccess: (next) => {
        queryClient.setQueryData(trpc.agent.settings.queryKey(), next)
        setDraft(next[name].value)
        onSaved?.()
        toast.success(t('agentSettings.saved'))
      },
    }),
  )
  useUnsaved(isChanged)
  const send = (input: unknown) =>
    update.mutate({ [name]: input, revision: settings.revision } as unknown as Update)
  return {
    draft,
    set: (change: Partial<Value>) => setDraft({ ...draft, ...change }),
    source,
    isChanged,
    isPending: update.isPending,
    error: update.error,
    /** The message about a field of this section, or about one entry of it. */
    fieldError(field: string): string | undefined {
      const { fields = {} } = update.error ? describeError(update.error) : {}
      const found = Object.keys(fields).find(
        (path) => path === `${name}.${field}` || path.startsWith(`${name}.${field}.`),
      )
      return found === undefined ? undefined : fields[found]?.message
    },
    save: (input: unknown = draft) => send(input),
    giveBack: () => send(null),
  }
}
