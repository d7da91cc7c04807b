import type { Logger } from '@m3m/base'
import { AppError, silentLogger } from '@m3m/base'
import { createCheckedCode } from './checked-code.ts'
import type { CodeFile, StripResult } from './jobs/strip.ts'
import type { ToolJobs } from './jobs/index.ts'
import { ToolWorker } from './tool-worker.ts'
import type { JobAnswer, Ticket } from './tool-worker.ts'
import { toolErrors } from './tools.errors.ts'

export interface ToolPoolOptions {
  /** Where the files go by which the next agent start ends what this one left behind (`reapProcesses`). */
  processFolder?: string
  /** Where code that was found right is remembered, so that it is not checked again. Absent: it is. */
  checkedFolder?: string
  /** Helpers at once. Default 2. */
  size?: number
  /** Jobs that may wait for a helper; more are refused with TOOL_BUSY. Default 64. */
  maxWaiting?: number
  /** A helper without work for so long is ended; it starts again in about 0.1 s. Default 60,000. */
  idleMs?: number
  /** Memory one helper may use. Default 512 MB. */
  rssCapBytes?: number
  logger?: Logger
}

export interface RunJobOptions {
  /** From the moment a helper takes the job; then the helper is killed and replaced. */
  deadlineMs: number
  /** Bytes that travel beside the input. */
  bytes?: Uint8Array
  /** Gives the job up; when a helper has it already, that helper is killed. */
  signal?: AbortSignal
}

export interface ToolPool extends AsyncDisposable {
  /**
   * Strips types (to blanks: positions hold) and checks the syntax of all files. What cannot be finished is a
   * problem at line 1 of the file at fault, never an exception.
   * @throws TOOL_BUSY, TOOL_CLOSED
   */
  strip(files: readonly CodeFile[]): Promise<StripResult>
  /**
   * Runs one job in a helper process.
   * @throws the job's own AppError; TOOL_TIMEOUT, TOOL_MEMORY, TOOL_CRASHED, TOOL_BUSY, TOOL_ABORTED, TOOL_CLOSED
   */
  run<J extends keyof ToolJobs>(
    job: J,
    input: ToolJobs[J]['input'],
    options: RunJobOptions,
  ): Promise<{ output: ToolJobs[J]['output']; bytes: Uint8Array }>
  /** Pids of the living helpers, for `doctor` and tests. */
  pids(): number[]
}

// The stripper does 20 MB/s on ordinary code (2 shared cores); ten times slower is still no hostile file.
const STRIP_BASE_MS = 3_000
const STRIP_PER_MB_MS = 1_000

/**
 * Makes a pool of killable helper processes for work on hostile input: user code, images, archives
 * (architecture.md, "Processes"). Helpers are started when needed; one is kept ready once there was work.
 */
export function createToolPool(options: ToolPoolOptions = {}): ToolPool {
  const { size = 2, maxWaiting = 64, logger = silentLogger } = options
  const waiting: Ticket[] = []
  let closed = false
  const settings = {
    processFolder: options.processFolder,
    idleMs: options.idleMs ?? 60_000,
    rssCapBytes: options.rssCapBytes ?? 512 * 1024 * 1024,
    logger,
  }
  const workers = Array.from({ length: size }, () => new ToolWorker(settings, () => dispatch()))

  function dispatch(): void {
    while (waiting.length > 0) {
      // A warm helper first, so that little work keeps few of them alive.
      const free = workers.find((worker) => worker.isFree && worker.isWarm) ?? workers.find((w) => w.isFree)
      if (!free) return
      free.take(waiting.shift()!)
    }
  }

  const run = (job: string, input: unknown, jobOptions: RunJobOptions): Promise<JobAnswer> => {
    if (closed) return Promise.reject(toolErrors.TOOL_CLOSED({ job }))
    if (jobOptions.signal?.aborted) return Promise.reject(toolErrors.TOOL_ABORTED({ job }))
    if (waiting.length >= maxWaiting) {
      return Promise.reject(toolErrors.TOOL_BUSY({ job, waiting: waiting.length }))
    }
    const { promise, resolve, reject } = Promise.withResolvers<JobAnswer>()
    const ticket: Ticket = { job, input, options: jobOptions, resolve, reject }
    const abort = () => {
      const at = waiting.indexOf(ticket)
      if (at < 0) return workers.find((worker) => worker.has(ticket))?.abort()
      waiting.splice(at, 1)
      reject(toolErrors.TOOL_ABORTED({ job }))
    }
    jobOptions.signal?.addEventListener('abort', abort, { once: true })
    waiting.push(ticket)
    dispatch()
    return promise.finally(() => jobOptions.signal?.removeEventListener('abort', abort))
  }

  const check = (files: readonly CodeFile[]) => strip(run as ToolPool['run'], files)
  const { checkedFolder } = options
  const checked = checkedFolder === undefined ? null : createCheckedCode(checkedFolder, check, logger)

  return {
    run: run as ToolPool['run'],
    strip: checked?.strip ?? check,
    pids: () => workers.flatMap((worker) => worker.pid ?? []),
    async [Symbol.asyncDispose]() {
      closed = true
      for (const ticket of waiting.splice(0)) ticket.reject(toolErrors.TOOL_CLOSED({ job: ticket.job }))
      await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()))
      await checked?.[Symbol.asyncDispose]()
    },
  }
}

async function strip(run: ToolPool['run'], files: readonly CodeFile[]): Promise<StripResult> {
  const total = files.reduce((sum, file) => sum + file.code.length, 0)
  const deadlineMs = STRIP_BASE_MS + Math.ceil((total / 1048576) * STRIP_PER_MB_MS)
  try {
    return (await run('strip', files, { deadlineMs })).output
  } catch (error) {
    if (!(error instanceof AppError) || error.blame !== 'user') throw error
    const file = (error as AppError & { at?: string }).at ?? files[0]?.path ?? ''
    return { problems: [{ file, line: 1, column: 1, severity: 'error', message: error.message }] }
  }
}
