import { randomUUID } from 'node:crypto'
import { createCollections } from './collections.ts'
import type { DataEngine, DataEngineDeps, DataView } from './data-engine.ts'
import type { Actor } from './actor.ts'
import { createEnvironmentRepo } from './environment/environment.repo.ts'
import { createEnvironment } from './environment/environment.service.ts'
import { createEventReader } from './events/event-reader.ts'
import { createOutbox } from './events/outbox.ts'
import { createOutboxRepo } from './events/outbox.repo.ts'
import { settleEvents } from './events/settle-events.ts'
import { createGoalsRepo } from './goals/goals.repo.ts'
import { createGoals } from './goals/goals.service.ts'
import { createKeyedLock } from './keyed-lock.ts'
import { createModelCache } from './models/model-cache.ts'
import { createModelsRepo } from './models/models.repo.ts'
import { createModels } from './models/models.service.ts'
import type { ProjectData } from './project-data.ts'
import { createRecordChanges } from './records/record-changes.ts'
import { createReads } from './records/read-records.ts'
import { createRecordReader } from './records/record-reader.ts'
import { createRecordWriter } from './records/record-writer.ts'
import type { RecordsDeps } from './records/records-deps.ts'
import { createMatchingWrites } from './records/write-matching.ts'
import { createWrites } from './records/write-records.ts'

/** What one query may take on the server. Source: the shortest limit of a caller is 30 s (runtime-api.md, Limits); a third leaves room to answer. */
const MAX_TIME_MS = 10_000

/** One engine for the process. Give it the project-data database and call `ensureIndexes` (agent) and `repair` (each process) once. */
export function createDataEngine(deps: DataEngineDeps): DataEngine {
  const { db, clock, logger } = deps
  const collections = createCollections(db)
  const engineId = randomUUID()
  const modelsRepo = createModelsRepo(collections)
  const cache = createModelCache(modelsRepo, clock)
  const environmentRepo = createEnvironmentRepo(collections.of('environments'))
  const goalsRepo = createGoalsRepo(collections)
  const outboxRepo = createOutboxRepo(collections)
  const outbox = createOutbox({ repo: outboxRepo, clock, logger, engineId })
  const reader = createRecordReader(collections, MAX_TIME_MS)
  const lock = createKeyedLock()
  const listeners = new Set<(projectId: string, what: 'models' | 'env') => void>()
  const tell = (projectId: string, what: 'models' | 'env') => {
    for (const listener of listeners) listener(projectId, what)
  }

  function project(projectId: string, actor: Actor, view: DataView = {}): ProjectData {
    const nowMs = () => clock.now()
    const writer = createRecordWriter({ collections, outbox, projectId, actor, nowMs })
    const shared = { collections, projectId, reader, writer, lock, cache, view, nowMs }
    const records: RecordsDeps = { ...shared, files: deps.files, maxTimeMs: MAX_TIME_MS }
    const changes = createRecordChanges(records)
    const environment = {
      repo: environmentRepo,
      clock,
      secrets: deps.secrets,
      changed: (id: string) => tell(id, 'env'),
    }
    const models = { repo: modelsRepo, cache, collections, clock, projectId, maxTimeMs: MAX_TIME_MS }
    return {
      projectId,
      models: createModels({ ...models, changed: () => tell(projectId, 'models') }),
      records: {
        ...createReads(records),
        ...createWrites(records, changes),
        ...createMatchingWrites(records, changes),
      },
      environment: createEnvironment(environment, projectId, actor),
    }
  }

  return {
    project,
    goals: createGoals({ repo: goalsRepo, clock }),
    events: createEventReader({ repo: outboxRepo, outbox, collections, clock, logger }),
    async ensureIndexes() {
      await modelsRepo.ensureIndexes()
      await outboxRepo.ensureIndexes()
      await goalsRepo.ensureIndexes()
    },
    async repair(projectId) {
      // Not what this process has under way itself.
      const filter = {
        pending: { $exists: true, $ne: engineId },
        ...(projectId !== undefined && { projectId }),
      }
      const pending = await outboxRepo.events.find(filter).sort({ seq: 1 }).toArray()
      return settleEvents(outboxRepo, collections, pending)
    },
    async removeProject(projectId) {
      const models = await modelsRepo.list(projectId)
      await modelsRepo.removeProject(projectId)
      cache.invalidate(projectId)
      for (const model of models) await collections.dropModel(model.id)
      await environmentRepo.removeProject(projectId)
      await outboxRepo.removeProject(projectId)
      await goalsRepo.removeProject(projectId)
      tell(projectId, 'models')
    },
    invalidate(projectId, what) {
      if (what === 'models') cache.invalidate(projectId)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async [Symbol.asyncDispose]() {
      await outbox.flush()
    },
  }
}
