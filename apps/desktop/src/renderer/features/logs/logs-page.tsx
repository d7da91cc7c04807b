import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useLog } from '@/app/logs/use-log.ts'
import { useProject } from '@/app/project/project-context.ts'
import { useTRPC } from '@/app/trpc/trpc.ts'
import { LogViewer } from './log-viewer.tsx'
import { RunSelect } from './run-select.tsx'
import { withoutEmpty } from './without-empty.ts'

/** One run's log, whole: live, by level, searched. The address holds run, level and search. */
export function LogsPage() {
  const { t } = useTranslation()
  const project = useProject()
  const search = useSearch({ from: '/projects/$slug/logs' })
  const navigate = useNavigate({ from: '/projects/$slug/logs' })
  const trpc = useTRPC()
  const history = useQuery(trpc.runs.history.queryOptions({ projectId: project.id, limit: 50 }))
  const log = useLog({ projectId: project.id, runId: search.run, level: search.level, limit: 1_000 })
  const set = (change: { [K in keyof typeof search]?: (typeof search)[K] | undefined }) =>
    void navigate({ search: (now) => withoutEmpty({ ...now, ...change }), replace: true })
  const { runId } = log.buffer
  const params = { slug: project.slug }
  return (
    <LogViewer
      title={t('nav.logs')}
      log={log}
      search={search}
      onSearch={set}
      download={
        runId ? { path: `/files/logs/${project.id}/${runId}`, name: `${project.slug}-${runId}` } : null
      }
      choice={<RunSelect run={search.run} runs={history.data ?? []} onRun={(run) => set({ run })} />}
      onOpenPlace={(place) => void navigate({ to: '/projects/$slug/pipeline', params, search: place })}
    />
  )
}
