import { useQuery } from '@tanstack/react-query'
import { RefreshCwIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/app/errors/error-state.tsx'
import { useMay, useProject } from '@/app/project/project-context.ts'
import { useRunActions } from '@/app/project/run-actions.ts'
import { useRunState } from '@/app/project/run-state.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { Button } from '@/ui/button.tsx'

/** Says that the running service was started before the settings were changed. */
export function RestartNotice() {
  const { t } = useTranslation()
  const project = useProject()
  const trpc = useTRPC()
  const state = useRunState(project.id)
  const may = useMay('run')
  const actions = useRunActions(project.id)
  const isRunning = state?.observed.state === 'running'
  const latest = useQuery(
    trpc.runs.history.queryOptions({ projectId: project.id, limit: 1 }, { enabled: isRunning }),
  )
  const startedAt = latest.data?.[0]?.startedAt
  const { settingsChangedAt } = project
  const isStale =
    isRunning && startedAt !== undefined && settingsChangedAt !== null && settingsChangedAt > startedAt
  if (actions.error) return <ErrorState error={actions.error} />
  if (!isStale) return null
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md border border-limited/40 px-3 py-2"
    >
      <span className="min-w-0 flex-1 basis-64">{t('projectSettings.restart.hint')}</span>
      {may ? (
        <Button size="sm" variant="outline" disabled={actions.isPending} onClick={actions.restart}>
          <RefreshCwIcon /> {t('projectSettings.restart.action')}
        </Button>
      ) : null}
    </div>
  )
}
