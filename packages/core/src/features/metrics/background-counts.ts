import type { Clock, Logger } from '@m3m/base'
import type { DataEngine } from '@m3m/data'
import type { JobCounts } from '@m3m/data/schema'
import type { JobsService } from '../jobs/jobs.service.ts'
import type { ProjectsService } from '../projects/projects.service.ts'
import type { QueueService } from '../queue/queue.service.ts'
import type { StoredFiles } from '../storage/stored-files.port.ts'
import type { Gauges } from './metrics.schema.ts'

export interface CountsDeps {
  projects: Pick<ProjectsService, 'all'>
  queue: Pick<QueueService, 'countsOfAll'>
  jobs: Pick<JobsService, 'delayed'>
  data: Pick<DataEngine, 'sizeOf'>
  storedFiles: StoredFiles
  clock: Clock
  logger: Logger
}

/** Lengths of queues. */
const COUNT_MS = 30_000
/** Sizes cost a walk through files and a question to the database: once in each step of the ring, with room to be late. */
const SIZE_MS = 240_000
/** After the start; later while the agent still starts its services. */
const FIRST_MS = 5_000

/** Of a project without jobs. */
export const NO_JOBS: JobCounts = { waiting: 0, delayed: 0, active: 0, dead: 0 }

export const NO_GAUGES: Gauges = {
  queueWaiting: null,
  queueDead: null,
  delayedTasks: null,
  databaseBytes: null,
  storageBytes: null,
}

/**
 * Counts what is too dear to count each second: one project after the other, in the background. Whoever begins it ends it.
 *
 * @param servicesStarted settles when the agent has tried to start all its services: they come first
 */
export function beginCounting(
  deps: CountsDeps,
  told: (counted: ReadonlyMap<string, Gauges>) => void,
  servicesStarted: () => Promise<void>,
): Disposable {
  const { clock, logger } = deps
  const sizes = new Map<string, Pick<Gauges, 'databaseBytes' | 'storageBytes'>>()
  let sizedAtMs = -Infinity
  let ended = false
  let cancel = () => {}

  async function countAll(): Promise<void> {
    const withSizes = Math.abs(clock.now() - sizedAtMs) >= SIZE_MS
    if (withSizes) sizedAtMs = clock.now()
    const counted = new Map<string, Gauges>()
    if (ended) return
    const queues = await deps.queue.countsOfAll()
    for (const { id } of await deps.projects.all()) {
      if (ended) return
      if (withSizes) sizes.set(id, await sizesOf(deps, id))
      counted.set(id, { ...NO_GAUGES, ...sizes.get(id), ...(await lengthsOf(deps, id, queues.get(id))) })
    }
    for (const id of sizes.keys()) if (!counted.has(id)) sizes.delete(id)
    told(counted)
  }

  function later(afterMs: number): void {
    cancel = clock.after(afterMs, () => {
      servicesStarted()
        .then(countAll)
        .catch((error: unknown) => logger.warn('lengths and sizes not counted', { error }))
        .finally(() => ended || later(COUNT_MS))
        .catch(() => {})
    })
  }

  later(FIRST_MS)
  return {
    [Symbol.dispose]() {
      ended = true
      cancel()
    },
  }
}

async function lengthsOf({ jobs }: CountsDeps, projectId: string, queued: JobCounts = NO_JOBS) {
  const { waiting, delayed, dead } = queued
  const tasks = await jobs.delayed(projectId)
  return {
    queueWaiting: waiting + delayed,
    queueDead: dead,
    delayedTasks: tasks.waiting + tasks.running,
  }
}

async function sizesOf({ data, storedFiles, logger }: CountsDeps, projectId: string) {
  const failed = (what: string) => (error: unknown) => {
    logger.warn(`the size of a project's ${what} is not known`, { project: projectId, error })
    return null
  }
  return {
    databaseBytes: await data.sizeOf(projectId).catch(failed('records')),
    storageBytes: await storedFiles.of(projectId).usedBytes().catch(failed('files')),
  }
}

/** Of all projects together. */
export function summed(counted: ReadonlyMap<string, Gauges>): Gauges {
  const sum = (name: keyof Gauges) =>
    [...counted.values()].reduce<number | null>(
      (total, gauges) => (gauges[name] === null ? total : (total ?? 0) + gauges[name]),
      null,
    )
  return {
    queueWaiting: sum('queueWaiting'),
    queueDead: sum('queueDead'),
    delayedTasks: sum('delayedTasks'),
    databaseBytes: sum('databaseBytes'),
    storageBytes: sum('storageBytes'),
  }
}
