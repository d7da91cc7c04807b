import type { Clock, Logger } from '@m3m/base'
import type { Collections } from './collections.ts'
import type { OutboxRepo } from './events/outbox.repo.ts'
import type { ModelsRepo } from './models/models.repo.ts'
import { compileModel } from './models/compiled-model.ts'
import { syncIndexes } from './models/model-indexes.ts'
import type { Model } from './models/models.schema.ts'
import type { FileStore } from './records/file-store.port.ts'
import { createOwnedFiles } from './records/owned-files.ts'
import { purgeTrash } from './records/purge-trash.ts'
import { createRecordReader } from './records/record-reader.ts'
import { TRASHED_AT } from './records/record-shape.ts'

/** How long events are kept for consumers that are away, revisions excepted; how long dead jobs are. */
const EVENTS_MS = 7 * 86_400_000
const DEAD_JOBS_MS = 30 * 86_400_000
const DAY_MS = 86_400_000
/** Longest look for other records with the file of one that goes. */
const COUNT_MS = 10_000

export interface UpkeepDeps {
  collections: Collections
  outboxRepo: OutboxRepo
  modelsRepo: ModelsRepo
  files: FileStore | undefined
  clock: Clock
  logger: Logger
}

/** What is removed because its time is over, and indexes that models were made without before we had them. The newest event of a project always stays: the next number is counted from it. */
export async function upkeep({
  collections,
  outboxRepo,
  modelsRepo,
  files,
  clock,
  logger,
}: UpkeepDeps): Promise<void> {
  const now = clock.now()
  const reader = createRecordReader(collections, COUNT_MS)
  const old = { at: { $lt: new Date(now - EVENTS_MS) }, revisionOf: { $exists: false } }
  let removed = 0
  for (const projectId of await outboxRepo.projects()) {
    const head = await outboxRepo.head(projectId)
    removed += (await outboxRepo.events.deleteMany({ projectId, seq: { $lt: head }, ...old })).deletedCount
  }
  for (const model of await modelsRepo.all()) {
    await indexes(model)
    if (!model.trash) continue
    const before = new Date(now - model.trash.days * DAY_MS)
    const ownedFiles = createOwnedFiles({ reader, files, projectId: model.projectId, logger })
    const deps = { collections, compiled: compileModel(model), ownedFiles }
    removed += await purgeTrash(deps, { [TRASHED_AT]: { $lt: before } })
  }
  const dead = { dead: true, createdAt: { $lt: new Date(now - DEAD_JOBS_MS) } }
  removed += (await collections.of('queueJobs').deleteMany(dead)).deletedCount
  if (removed > 0) logger.info('old events, trash and dead jobs are removed', { removed })

  async function indexes(model: Model): Promise<void> {
    await syncIndexes(collections, model).catch((error: unknown) => {
      logger.warn('an index of a model could not be made', { model: model.slug, error })
    })
  }
}
