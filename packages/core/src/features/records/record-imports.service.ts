import { AppError, type Clock, type Logger, newId } from '@m3m/base'
import type { ImportOptions } from '@m3m/data/schema'
import type { SignedIn } from '../access/actor.schema.ts'
import { recordsErrors } from './records.errors.ts'
import type { ImportJob } from './records.schema.ts'
import type { RecordsService } from './records.service.ts'

interface Target {
  projectId: string
  model: string
}

/** Imports that run by themselves: who began one may leave and find it again. They are gone with the agent's process. */
export interface RecordImports {
  /** Reads the file to its end, then answers; checking and writing go on. @throws IMPORT_BUSY */
  start(
    actor: SignedIn,
    target: Target,
    file: { source: AsyncIterable<Uint8Array | string>; name: string; options: ImportOptions },
  ): Promise<ImportJob>
  /** Newest first: under way, and the latest that ended. */
  list(target: Target): ImportJob[]
}

/** Imports under way in one project; ended ones that are kept of each project. */
const MAX_RUNNING = 2
const MAX_KEPT = 10
/** As @m3m/data takes at most (read-rows.ts). */
const MAX_IMPORT_BYTES = 64 * 1_048_576

interface ImportsDeps {
  records: Pick<RecordsService, 'import'>
  clock: Clock
  logger: Logger
}

export function createRecordImports({ records, clock, logger }: ImportsDeps): RecordImports {
  const jobs = new Map<string, ImportJob[]>()
  const at = () => new Date(clock.now()).toISOString()

  async function run(
    actor: SignedIn,
    target: Target,
    job: ImportJob,
    work: { chunks: (Uint8Array | string)[]; options: ImportOptions },
  ) {
    try {
      const progress = (done: number, rows: number) => Object.assign(job, { done, rows })
      const source = replay(work.chunks)
      job.report = await records.import(actor, target, { source, options: work.options, progress })
      job.state = job.report.refused > 0 && !work.options.skipBad ? 'refused' : 'done'
    } catch (error) {
      job.state = 'failed'
      if (error instanceof AppError) job.error = { code: error.code, message: error.message }
      else {
        job.error = {
          code: 'INTERNAL_BUG',
          message: 'The import failed by a mistake of the agent; its log tells more.',
        }
        logger.error('import failed', { projectId: target.projectId, model: target.model, error })
      }
    } finally {
      job.endedAt = at()
    }
  }

  return {
    async start(actor, target, { source, name, options }) {
      const ofProject = jobs.get(target.projectId) ?? []
      jobs.set(target.projectId, ofProject)
      if (ofProject.filter(({ state }) => state === 'running').length >= MAX_RUNNING)
        throw recordsErrors.IMPORT_BUSY({ limit: MAX_RUNNING })
      const base = {
        id: newId(clock.now()),
        model: target.model,
        fileName: name,
        dryRun: options.dryRun === true,
      }
      const job: ImportJob = {
        ...base,
        state: 'running',
        done: 0,
        rows: 0,
        startedBy: actor.name,
        startedAt: at(),
      }
      ofProject.unshift(job)
      ofProject.splice(MAX_KEPT)
      let chunks: (Uint8Array | string)[] = []
      try {
        chunks = await collect(source)
      } catch (error) {
        ofProject.splice(ofProject.indexOf(job), 1)
        throw error
      }
      void run(actor, target, job, { chunks, options })
      return job
    },
    list: ({ projectId, model }) => (jobs.get(projectId) ?? []).filter((job) => job.model === model),
  }
}

/** Whole, because rows are checked before one is written. @throws RECORDS_IMPORT_TOO_LARGE */
async function collect(source: AsyncIterable<Uint8Array | string>): Promise<(Uint8Array | string)[]> {
  const chunks: (Uint8Array | string)[] = []
  let sizeBytes = 0
  for await (const chunk of source) {
    sizeBytes += chunk.length
    if (sizeBytes > MAX_IMPORT_BYTES)
      throw recordsErrors.RECORDS_IMPORT_TOO_LARGE({ maxMb: MAX_IMPORT_BYTES / 1_048_576 })
    chunks.push(chunk)
  }
  return chunks
}

async function* replay(chunks: (Uint8Array | string)[]): AsyncGenerator<Uint8Array | string> {
  for (;;) {
    const next = chunks.shift()
    if (next === undefined) return
    yield next
  }
}
