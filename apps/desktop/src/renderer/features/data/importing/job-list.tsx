import type { ImportJob } from '@m3m/core/client'
import { useTranslation } from 'react-i18next'
import { TimeAgo } from '@/ui/time-ago.tsx'
import { Outcome } from './import-report.tsx'

/** Imports of this model that went before; each can be looked at again. */
export function JobList({ jobs, onJob }: { jobs: readonly ImportJob[]; onJob: (id: string) => void }) {
  const { t } = useTranslation()
  if (jobs.length === 0) return null
  return (
    <section aria-label={t('importing.before')} className="grid gap-1.5">
      <h3 className="text-xs font-medium text-muted-foreground">{t('importing.before')}</h3>
      <ul className="divide-y rounded-md border">
        {jobs.map((job) => (
          <li key={job.id}>
            <button
              type="button"
              onClick={() => onJob(job.id)}
              className="grid w-full gap-0.5 px-3 py-2 text-left hover:bg-accent"
            >
              <span className="flex items-center gap-2 text-sm">
                <span className="min-w-0 flex-1 truncate font-medium">{job.fileName}</span>
                <span className="text-xs text-muted-foreground">
                  {job.startedBy} · <TimeAgo at={job.startedAt} />
                </span>
              </span>
              <Outcome job={job} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
