import type { Clock, Logger } from '@m3m/base'
import type { Db } from 'mongodb'
import type { Actor } from './actor.ts'
import type { SecretBox } from './environment/secret-box.port.ts'
import type { RecordEvents } from './events/record-events.ts'
import type { GoalsService } from './goals/goals.service.ts'
import type { ExportOptions, ProjectDocument } from './moving/export-project.ts'
import type { ImportTarget, ProjectImport } from './moving/import-project.ts'
import type { ProjectData } from './project-data.ts'
import type { QueueService } from './queue/queue.service.ts'
import type { WorkOptions } from './queue/queue-worker.ts'
import type { FileStore } from './records/file-store.port.ts'

export interface DataEngineDeps {
  /** The project-data database (`{mongodb.database}_data`). */
  db: Db
  clock: Clock
  logger: Logger
  /** Without it, variables of the type Secret are refused and read as they are stored. */
  secrets?: SecretBox
  /** Without it, file fields take any confined path and files are never removed. */
  files?: FileStore
  /** What one query may take on the server, waiting for its turn included. Default 10,000. */
  maxTimeMs?: number
}

/** How values leave the engine. `dates: 'date'` gives `Date` objects for date, datetime and autodate; default ISO 8601 strings. */
export interface DataView {
  dates?: 'iso' | 'date'
  /** Models that may be used, by id or slug; all where absent. Paths and expansions through a ref to another are unknown. */
  models?: readonly string[] | null
}

/**
 * The rules of all project data: models, records, variables, record events. One engine serves the whole
 * process; agent and runners each have one on the same database. A change made by another process is seen
 * within 500 ms, or at once after {@link DataEngine.invalidate}.
 */
export interface DataEngine extends AsyncDisposable {
  /** Cheap: make one for each request. The project need not exist; whoever calls has checked that it does. */
  project(projectId: string, actor: Actor, view?: DataView): ProjectData
  readonly events: RecordEvents
  readonly goals: GoalsService
  readonly queue: QueueService
  /** Serves queues until the signal aborts; settles when no job is under way any more. */
  work(options: WorkOptions): Promise<void>
  /** Seals every secret of every project with the first key of `secrets`; how many were sealed anew. @throws ENV_SECRET_KEY */
  resealSecrets(): Promise<number>
  /** Makes the engine's own indexes. The agent calls it once at start, before anything else. */
  ensureIndexes(): Promise<void>
  /**
   * Settles what killed processes left half-done: events written ahead, conversions of models. The agent calls
   * it at its start, before any runner lives; for one project when its runner died. How much there was.
   */
  repair(projectId?: string): Promise<number>
  /** Removes what is past its time: events after 7 days, trash as its model says, dead jobs after 30 days. The agent calls it once an hour. */
  upkeep(): Promise<void>
  /** Bytes of the project's records and their indexes; see ProjectSizes. */
  sizeOf(projectId: string): Promise<number>
  /** Removes models, records, variables, events and all else of the project. */
  removeProject(projectId: string): Promise<void>
  /** A project's data as it is stored, for an export. */
  exportProject(projectId: string, options: ExportOptions): AsyncIterable<ProjectDocument>
  /** Takes an export in; see {@link ProjectImport}. */
  importProject(target: ImportTarget): ProjectImport
  /** Forgets what is cached of the project, because another process changed it. */
  invalidate(projectId: string, what: 'models' | 'env'): void
  /** Told of every change of models or variables made through this engine. The returned function ends it. */
  onChange(listener: (projectId: string, what: 'models' | 'env') => void): () => void
}
