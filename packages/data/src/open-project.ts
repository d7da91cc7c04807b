import type { Clock, Logger } from '@m3m/base'
import type { Collections } from './collections.ts'
import type { DataEngine } from './data-engine.ts'
import type { EnvironmentRepo } from './environment/environment.repo.ts'
import { createEnvironment } from './environment/environment.service.ts'
import type { SecretBox } from './environment/secret-box.port.ts'
import type { Outbox } from './events/outbox.ts'
import type { OutboxRepo } from './events/outbox.repo.ts'
import { createKeyedLock } from './keyed-lock.ts'
import type { Conversions } from './models/conversions.ts'
import type { ModelCache } from './models/model-cache.ts'
import type { ModelsRepo } from './models/models.repo.ts'
import { createModels } from './models/models.service.ts'
import type { FileStore } from './records/file-store.port.ts'
import { createExport } from './portable/export-records.ts'
import { createImport } from './portable/import-records.ts'
import { createAggregates } from './records/aggregate-records.ts'
import { createAtomicChanges } from './records/atomic-changes.ts'
import { createBulk } from './records/bulk-records.ts'
import { createOwnedFiles } from './records/owned-files.ts'
import { createHistory } from './records/record-history.ts'
import { createReads } from './records/read-records.ts'
import { createRecordChanges } from './records/record-changes.ts'
import { createRecordReader } from './records/record-reader.ts'
import { createRecordWriter } from './records/record-writer.ts'
import { openScope, type RecordsDeps } from './records/records-deps.ts'
import type { ServerTransactions } from './server-transactions.ts'
import { createMatchingWrites } from './records/write-matching.ts'
import { createWrites } from './records/write-records.ts'

/** What one query may take on the server: a third of the shortest time a caller has (30 s, runtime-api.md "Limits"). */
const MAX_TIME_MS = 10_000

export interface ProjectParts {
  collections: Collections
  modelsRepo: ModelsRepo
  cache: ModelCache
  conversions: Conversions
  environmentRepo: EnvironmentRepo
  outbox: Outbox
  clock: Clock
  logger: Logger
  outboxRepo: OutboxRepo
  secrets: SecretBox | undefined
  files: FileStore | undefined
  transactions: ServerTransactions
  maxTimeMs: number | undefined
  tell: (projectId: string, what: 'models' | 'env') => void
}

/** Binds the rules to one project and one actor. */
export function createProjectOpener(parts: ProjectParts): DataEngine['project'] {
  const { collections, modelsRepo, cache, outbox, clock, tell, maxTimeMs = MAX_TIME_MS } = parts
  const reader = createRecordReader(collections, maxTimeMs)
  const lock = createKeyedLock()
  const nowMs = () => clock.now()

  return (projectId, actor, view = {}) => {
    const { files, logger } = parts
    const writer = createRecordWriter({ collections, outbox, projectId, actor, nowMs })
    const ownedFiles = createOwnedFiles({ reader, files, projectId, logger })
    const shared = { collections, projectId, reader, writer, lock, cache, view, nowMs, ownedFiles }
    const records: RecordsDeps = { ...shared, files, maxTimeMs }
    const atomic = createAtomicChanges({ ...parts, ...records, actor })
    const changes = createRecordChanges(records, atomic)
    const { conversions } = parts
    const models = {
      repo: modelsRepo,
      cache,
      collections,
      conversions,
      lock,
      clock,
      projectId,
      maxTimeMs,
    }
    const environment = {
      repo: parts.environmentRepo,
      clock,
      secrets: parts.secrets,
      changed: (id: string) => tell(id, 'env'),
    }
    const reads = createReads(records)
    const keysOf = async (model: string) => [...(await openScope(records, model)).compiled.fields.keys()]
    return {
      projectId,
      models: createModels({ ...models, changed: () => tell(projectId, 'models') }),
      records: {
        ...reads,
        ...createWrites(records, changes),
        ...createMatchingWrites(records, changes),
        ...createHistory({ ...records, changes, outboxRepo: parts.outboxRepo }),
        ...createAggregates(records),
        ...createBulk(records, changes),
        import: createImport(records, changes),
        export: createExport(reads.list, keysOf),
      },
      environment: createEnvironment(environment, projectId, actor),
    }
  }
}
