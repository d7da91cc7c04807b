import type { Logger } from '@m3m/base'
import type { GoalsService, ProjectData, RecordEvents } from '@m3m/data'
import type { DurableQueue } from '../module/define-module.ts'

/** Project data as a runner process reaches it. */
export interface RunnerData extends AsyncDisposable {
  /** The records engine bound to one project. `source` names the actor: `release:1.2` or `debug:develop`. */
  project(projectId: string, source: string): ProjectData
  readonly goals: GoalsService
  readonly queue: DurableQueue
  readonly recordEvents: RecordEvents
  /** Models or variables of the project were changed by another process. */
  invalidate(projectId: string, what: 'models' | 'env'): void
}

export interface RunnerOptions {
  /**
   * Called at most once, when the first module asks for data, with what the agent sent through the pipe.
   * Import the driver in here and not at the top of the file: a service without a database must stay small.
   */
  openData(secrets: Readonly<Record<string, unknown>>, logger: Logger): Promise<RunnerData>
}
