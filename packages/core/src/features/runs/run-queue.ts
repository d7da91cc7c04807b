import type { Logger } from '@m3m/base'
import { accessErrors } from '../access/access.errors.ts'
import { runsErrors } from './runs.errors.ts'

/** Why nothing is begun any more. */
export type ClosedBy = 'agent-stop' | 'removed'

/** One thing after the other: what a project's actor does, in the order of asking. */
export class RunQueue {
  readonly #projectId: string
  readonly #logger: Logger
  #last: Promise<unknown> = Promise.resolve()
  #closed: ClosedBy | null = null

  constructor(projectId: string, logger: Logger) {
    this.#projectId = projectId
    this.#logger = logger
  }

  get closed(): ClosedBy | null {
    return this.#closed
  }

  /** What people ask is refused from now on; {@link RunQueue.add} still works. */
  close(why: ClosedBy): void {
    this.#closed = why
  }

  add<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => {})
    return result
  }

  /** For what people ask. @throws ACCESS_NO_PROJECT, RUNS_SHUTTING_DOWN when it is closed by its turn */
  ask<T>(work: () => Promise<T>): Promise<T> {
    return this.add(async () => {
      if (this.#closed === 'removed') throw accessErrors.ACCESS_NO_PROJECT({ project: this.#projectId })
      if (this.#closed) throw runsErrors.RUNS_SHUTTING_DOWN({})
      return work()
    })
  }

  /** For what happens of itself: nobody waits for it. */
  spontaneous(work: () => Promise<void>): void {
    this.add(work).catch((error: unknown) => {
      this.#logger.error('a run could not be looked after', { project: this.#projectId, error })
    })
  }
}
