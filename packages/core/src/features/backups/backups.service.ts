import type { Clock, Logger } from '@m3m/base'
import type { z } from 'zod'
import { AGENT_ACTOR, type Actor, type SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import { createBackupSchedule, nextBackupAt } from './backup-schedule.ts'
import type { BackupStore } from './backup-store.port.ts'
import { createBackupWork, type BackupWorker } from './backup-work.ts'
import { backupsErrors } from './backups.errors.ts'
import type {
  BackupJob,
  BackupSettings,
  BackupsView,
  confirmedBackupInput,
  restoreBackupInput,
} from './backups.schema.ts'

/** Backups of the whole agent. For root: they hold everything. */
export interface BackupsService extends AsyncDisposable {
  view(): Promise<BackupsView>
  /** Begins one; `view` tells how far it is. @throws BACKUP_BUSY */
  make(actor: Actor): Promise<BackupJob>
  /** Begins to prove one. @throws BACKUP_BUSY, BACKUP_UNKNOWN */
  verify(actor: SignedIn, name: string): Promise<BackupJob>
  /** @throws BACKUP_UNKNOWN, BACKUP_NAME_NOT_CONFIRMED, BACKUP_BUSY */
  remove(actor: SignedIn, input: z.output<typeof confirmedBackupInput>): Promise<void>
  /** Answers before the agent ends. @throws BACKUP_UNKNOWN, BACKUP_NAME_NOT_CONFIRMED, BACKUP_BUSY, BACKUP_* */
  restore(actor: SignedIn, input: z.output<typeof restoreBackupInput>): Promise<void>
  /** Absolute path, for the download. @throws BACKUP_UNKNOWN */
  fileOf(name: string): Promise<string>
  /** Begins the schedule, and notes in the audit log what a restore put in place of the one it was asked in. */
  start(): Promise<void>
}

export interface BackupsDeps {
  store: BackupStore
  settings(): BackupSettings
  audit: AuditService
  clock: Clock
  logger: Logger
}

export function createBackups(deps: BackupsDeps): BackupsService {
  const { store, settings, audit, clock } = deps
  const work = createBackupWork(deps)
  const schedule = createBackupSchedule({ clock, settings, run: () => makeAsScheduled(deps, make, work) })

  async function demand(name: string): Promise<void> {
    if (!(await store.list()).some((backup) => backup.name === name))
      throw backupsErrors.BACKUP_UNKNOWN({ name })
  }

  async function demandConfirmed({
    name,
    confirmName,
  }: z.output<typeof confirmedBackupInput>): Promise<void> {
    await demand(name)
    if (confirmName !== name) throw notConfirmed(name)
    work.refuseWhileBusy()
  }

  async function make(actor: Actor): Promise<BackupJob> {
    const begun = work.begin('make', nameAt(clock.now()), async (job) => {
      await store.make(job.name, { withKey: settings().withKey, ...work.optionsOf(job) })
      Object.assign(job, { step: 'verify', doneBytes: 0 })
      await prove(job)
      await removeOld(store, settings().keep)
    })
    await audit.add(actor, { action: 'agent.backup.make', target: begun.name })
    return begun
  }

  async function prove(job: BackupJob): Promise<void> {
    const { problem } = await store.verify(job.name, work.optionsOf(job))
    if (problem !== null) throw new Error(problem)
  }

  return {
    async fileOf(name) {
      await demand(name)
      return store.fileOf(name)
    },
    make,
    view: () => viewOf(deps, work),
    async verify(actor, name) {
      await demand(name)
      const begun = work.begin('verify', name, prove)
      await audit.add(actor, { action: 'agent.backup.verify', target: name })
      return begun
    },
    async remove(actor, input) {
      await demandConfirmed(input)
      await store.remove(input.name)
      await audit.add(actor, { action: 'agent.backup.remove', target: input.name })
    },
    async restore(actor, input) {
      await demandConfirmed(input)
      if (!store.restore) throw backupsErrors.BACKUP_RESTORE_BY_HAND({ name: input.name })
      // Written to what is replaced; the restored data gets its own entry at the next start.
      await audit.add(actor, { action: 'agent.backup.restore', target: input.name })
      await store.restore(input.name, { withoutSecrets: input.withoutSecrets, by: actor.name })
    },
    async start() {
      schedule.start()
      await noteRestore(deps)
    },
    async [Symbol.asyncDispose]() {
      schedule[Symbol.dispose]()
      await work[Symbol.asyncDispose]()
    },
  }
}

async function viewOf(
  { store, settings, clock }: BackupsDeps,
  { job, failure }: BackupWorker,
): Promise<BackupsView> {
  const [backups, freeBytes, restored] = await Promise.all([
    store.list(),
    store.freeBytes(),
    store.restored(),
  ])
  const next = nextBackupAt(settings(), clock.now())
  return {
    backups: backups.filter(({ name }) => job?.kind !== 'make' || job.name !== name),
    folder: store.folder,
    freeBytes,
    job: job && { ...job },
    failure,
    nextAt: next === null ? null : new Date(next).toISOString(),
    restored,
    mayRestore: store.restore !== undefined,
  }
}

/** What the schedule does; its failures are told by the list and the log. */
async function makeAsScheduled(
  { logger }: BackupsDeps,
  make: (actor: Actor) => Promise<BackupJob>,
  work: BackupWorker,
): Promise<void> {
  try {
    await make(AGENT_ACTOR)
    await work.settled()
  } catch (error) {
    logger.warn('a scheduled backup was left out', { error })
  }
}

async function noteRestore({ store, audit }: BackupsDeps): Promise<void> {
  const restored = await store.takeRestored()
  if (!restored) return
  const { name: target, by, problem } = restored
  await audit.add(AGENT_ACTOR, { action: 'agent.backup.restored', target, after: { by, problem } })
}

/** `m3m-2026-01-31T033000Z.tar.zst`: sorts by time, and says the zone. */
const nameAt = (ms: number): string =>
  `m3m-${new Date(ms).toISOString().slice(0, 19).replaceAll(':', '')}Z.tar.zst`

/** As {@link nameAt} makes them: what people put into the folder themselves is theirs. */
const OURS = /^m3m-\d{4}-\d\d-\d\dT\d{6}Z\.tar\.zst$/

/** The newest that is proved stays, however old it is: it may be the only good one. */
async function removeOld(store: BackupStore, keep: number): Promise<void> {
  const all = (await store.list()).filter(({ name }) => OURS.test(name))
  const good = all.find(({ proof }) => proof?.problem === null)
  for (const backup of all.slice(keep)) if (backup !== good) await store.remove(backup.name)
}

function notConfirmed(name: string) {
  const field = backupsErrors.BACKUP_NAME_NOT_CONFIRMED({ name }).toField()
  return backupsErrors.BACKUP_NAME_NOT_CONFIRMED({ name }, { fields: { confirmName: field } })
}
