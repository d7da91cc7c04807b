import { randomUUID } from 'node:crypto'
import { createCollections } from './collections.ts'
import type { DataEngine, DataEngineDeps } from './data-engine.ts'
import { repair } from './engine-repair.ts'
import { upkeep } from './engine-upkeep.ts'
import { createEnvironmentRepo } from './environment/environment.repo.ts'
import { resealEnvironments } from './environment/reseal.ts'
import { createEventReader } from './events/event-reader.ts'
import { createOutbox } from './events/outbox.ts'
import { createOutboxRepo } from './events/outbox.repo.ts'
import { createGoalsRepo } from './goals/goals.repo.ts'
import { createGoals } from './goals/goals.service.ts'
import { createConversions } from './models/conversions.ts'
import { createModelCache } from './models/model-cache.ts'
import { createModelsRepo } from './models/models.repo.ts'
import { exportProject } from './moving/export-project.ts'
import { createProjectImport } from './moving/import-project.ts'
import { createProjectOpener } from './open-project.ts'
import { createQueue } from './queue/queue.service.ts'
import { createQueueRepo } from './queue/queue.repo.ts'
import { createServerTransactions } from './server-transactions.ts'
import { createProjectSizes } from './sizes/project-sizes.ts'
import { workQueues } from './queue/queue-worker.ts'

/** One engine for the process. Give it the project-data database and call `ensureIndexes` (agent) and `repair` (each process) once. */
export function createDataEngine(deps: DataEngineDeps): DataEngine {
  const { db, clock, logger } = deps
  const collections = createCollections(db)
  const engineId = randomUUID()
  const modelsRepo = createModelsRepo(collections)
  const cache = createModelCache(modelsRepo, clock)
  const environmentRepo = createEnvironmentRepo(collections.of('environments'))
  const goalsRepo = createGoalsRepo(collections)
  const queueRepo = createQueueRepo(collections)
  const queue = createQueue({ repo: queueRepo, clock, logger })
  const outboxRepo = createOutboxRepo(collections)
  const outbox = createOutbox({ repo: outboxRepo, clock, logger, engineId })
  const sizes = createProjectSizes({ collections, modelsRepo }, clock)
  const { tell, onChange } = createTeller()
  const conversions = createConversions({ repo: modelsRepo, collections, clock, logger })
  const parts = {
    conversions,
    collections,
    modelsRepo,
    cache,
    environmentRepo,
    outbox,
    outboxRepo,
    clock,
    logger,
    transactions: createServerTransactions(db),
    tell,
  }
  const project = createProjectOpener({
    ...parts,
    secrets: deps.secrets,
    files: deps.files,
    maxTimeMs: deps.maxTimeMs,
  })

  return {
    project,
    queue,
    work: (options) => workQueues({ queue, clock, logger }, options),
    goals: createGoals({ repo: goalsRepo, clock }),
    events: createEventReader({ repo: outboxRepo, outbox, collections, clock, logger }),
    async ensureIndexes() {
      await modelsRepo.ensureIndexes()
      await outboxRepo.ensureIndexes()
      await goalsRepo.ensureIndexes()
      await queueRepo.ensureIndexes()
    },
    repair: (projectId) => repair({ ...parts, engineId }, projectId),
    resealSecrets: () => resealEnvironments(environmentRepo, deps.secrets),
    upkeep: () => upkeep({ collections, outboxRepo, modelsRepo, files: deps.files, clock, logger }),
    sizeOf: (projectId) => sizes.bytesOf(projectId),
    async removeProject(projectId) {
      sizes.forget(projectId)
      const models = await modelsRepo.list(projectId)
      await modelsRepo.removeProject(projectId)
      cache.invalidate(projectId)
      for (const model of models) {
        await conversions.forget(model.id)
        await collections.dropModel(model.id)
      }
      await environmentRepo.removeProject(projectId)
      await outboxRepo.removeProject(projectId)
      await goalsRepo.removeProject(projectId)
      await queue.removeProject(projectId)
      tell(projectId, 'models')
    },
    exportProject: (projectId, options) => exportProject(collections, projectId, options),
    importProject: (target) => createProjectImport(collections, target, clock.now()),
    invalidate(projectId, what) {
      if (what === 'models') cache.invalidate(projectId)
    },
    onChange,
    async [Symbol.asyncDispose]() {
      await conversions.end()
      await outbox.flush()
    },
  }
}

type ChangeListener = (projectId: string, what: 'models' | 'env') => void

/** Tells all listeners; `onChange` gives the function that ends it. */
function createTeller(): { tell: ChangeListener; onChange: (listener: ChangeListener) => () => void } {
  const listeners = new Set<ChangeListener>()
  return {
    tell: (projectId, what) => {
      for (const listener of listeners) listener(projectId, what)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
