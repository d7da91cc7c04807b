import { messageOf, type Clock, type Logger } from '@m3m/base'
import type { BackupWork } from './backup-store.port.ts'
import { backupsErrors } from './backups.errors.ts'
import type { BackupJob, BackupsView } from './backups.schema.ts'

/** What is done with backups, one thing at a time: each reads or writes everything there is. */
export interface BackupWorker extends AsyncDisposable {
  readonly job: BackupJob | null
  readonly failure: BackupsView['failure']
  /** Begins and answers at once; its end, good or bad, stands in `job` and `failure`. @throws BACKUP_BUSY */
  begin(kind: BackupJob['kind'], name: string, work: (job: BackupJob) => Promise<void>): BackupJob
  /** What keeps `job` up to date, and what ends it with the agent. */
  optionsOf(job: BackupJob): BackupWork
  /** @throws BACKUP_BUSY */
  refuseWhileBusy(): void
  /** When what is under way has ended. Never rejects. */
  settled(): Promise<void>
}

export function createBackupWork({ clock, logger }: { clock: Clock; logger: Logger }): BackupWorker {
  let job: BackupJob | null = null
  let failure: BackupsView['failure'] = null
  let working: Promise<void> = Promise.resolve()
  const ending = new AbortController()
  const now = () => new Date(clock.now()).toISOString()

  function refuseWhileBusy(): void {
    if (job) throw backupsErrors.BACKUP_BUSY({ name: job.name })
  }

  return {
    get job() {
      return job
    },
    get failure() {
      return failure
    },
    refuseWhileBusy,
    settled: () => working,
    begin(kind, name, work) {
      refuseWhileBusy()
      const step = kind === 'make' ? 'read' : 'verify'
      const begun: BackupJob = { kind, name, step, doneBytes: 0, totalBytes: 0, startedAt: now() }
      job = begun
      working = work(begun)
        .then(() => void (failure = null))
        .catch((error: unknown) => {
          failure = { at: now(), message: messageOf(error) }
          logger.error('a backup failed', { kind, name, error })
        })
        .finally(() => (job = null))
      return { ...begun }
    },
    optionsOf: (begun) => ({
      signal: ending.signal,
      onProgress: (progress) => void Object.assign(begun, progress),
    }),
    async [Symbol.asyncDispose]() {
      ending.abort(new Error('the agent ended meanwhile'))
      await working
    },
  }
}
