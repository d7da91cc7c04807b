import { AppError } from '@m3m/base'
import type { ErrorShape } from '@m3m/base'
import type {
  BootOptions,
  RunEnd,
  RunSpec,
  SupervisedRun,
  Supervisor,
} from '../features/runs/supervisor.port.ts'

/** A run of the fake: what was asked of it, and a handle to let it crash. */
export interface FakeRun extends SupervisedRun {
  spec: RunSpec
  calls: string[]
  /** Tells what its jobs did. */
  report: NonNullable<BootOptions['onJobs']>
  crash(error?: Partial<ErrorShape>): void
  /** The process it shared ends. */
  displace(suspect: boolean, named?: boolean): void
}

/** How the next boot goes. */
export interface BootPlan {
  limitHits?: Record<string, number>
  /** Boot rejects with this. */
  bootError?: AppError
  /** Activation rejects with this. */
  activateError?: AppError
  /** Boot goes on when this settles. */
  until?: Promise<unknown>
  /** Stopping takes until this settles. */
  drained?: Promise<unknown>
}

/** Code that cannot boot, as the runtime tells it. */
export function bootError(blame: 'user' | 'host' = 'user'): AppError {
  return new AppError({
    code: 'RUN_BOOT_FAILED',
    blame,
    status: 422,
    message: 'main.js: boom is not defined',
    position: { file: 'main.js', line: 3, column: 5 },
  })
}

/** The end of a shared process, as the runtime tells it. */
export function displacedError(suspect: boolean): AppError {
  return new AppError({
    code: suspect ? 'RUN_SUSPECTED' : 'RUN_DISPLACED',
    blame: suspect ? 'user' : 'host',
    status: 503,
    message: suspect ? 'it was being executed when its process ended' : 'a neighbour ended its process',
  })
}

/** A deterministic Supervisor: does at once what it is told, and remembers every call in order. */
export class FakeSupervisor implements Supervisor {
  readonly runs: FakeRun[] = []
  /** `boot:1`, `activate:1`, `stop:1`… by the order of boots. */
  readonly journal: string[] = []
  /** Slugs whose requests are held. */
  readonly expected = new Set<string>()
  readonly #plans: BootPlan[] = []
  #waiters: (() => void)[] = []

  /** For the next boot without a plan. */
  plan(plan: BootPlan): void {
    this.#plans.push(plan)
  }

  get latest(): FakeRun {
    const run = this.runs.at(-1)
    if (!run) throw new Error('nothing was booted')
    return run
  }

  /** Runs that are not over. */
  alive(): FakeRun[] {
    return this.runs.filter((run) => !run.calls.includes('over'))
  }

  /** Settles when the journal has this entry. */
  async saw(entry: string): Promise<void> {
    while (!this.journal.includes(entry)) await new Promise<void>((resolve) => this.#waiters.push(resolve))
  }

  async boot(spec: RunSpec, options: BootOptions = {}): Promise<SupervisedRun> {
    const plan = this.#plans.shift() ?? {}
    const run = this.#run(spec, plan, options)
    this.#note(run, 'boot')
    if (plan.until) await Promise.race([plan.until, aborted(options.signal)])
    if (options.signal?.aborted) {
      await run.kill()
      throw new AppError({ code: 'RUN_ABORTED', blame: 'host', status: 503, message: 'cut off' })
    }
    if (plan.bootError) {
      await run.kill()
      throw plan.bootError
    }
    return run
  }

  expect({ slug }: { slug: string }): () => void {
    this.expected.add(slug)
    this.journal.push(`expect:${slug}`)
    return () => void this.expected.delete(slug)
  }

  #note(run: FakeRun, call: string): void {
    run.calls.push(call)
    this.journal.push(`${call}:${this.runs.indexOf(run) + 1}`)
    for (const wake of this.#waiters.splice(0)) wake()
  }

  #run(spec: RunSpec, plan: BootPlan, { onJobs = () => {} }: BootOptions): FakeRun {
    const { promise: ended, resolve } = Promise.withResolvers<RunEnd>()
    const over = (end: RunEnd) => {
      if (run.calls.includes('over')) return
      this.#note(run, 'over')
      resolve(end)
    }
    const run: FakeRun = {
      spec,
      runId: spec.runId,
      limitHits: plan.limitHits ?? {},
      calls: [],
      report: onJobs,
      ended,
      activate: async () => {
        this.#note(run, 'activate')
        if (!plan.activateError) return
        over({ kind: 'crashed', error: plan.activateError.toShape() })
        throw plan.activateError
      },
      disarm: async () => this.#note(run, 'disarm'),
      rearm: async () => this.#note(run, 'rearm'),
      stop: async () => {
        this.#note(run, 'stop')
        await plan.drained
        over({ kind: 'stopped' })
      },
      kill: async () => {
        this.#note(run, 'kill')
        over({ kind: 'stopped' })
      },
      invalidate: (what) => this.#note(run, `invalidate-${what}`),
      crash: (error = {}) => {
        const shape = {
          code: 'RUN_CRASHED',
          blame: 'user' as const,
          status: 500,
          message: 'out of memory',
          ...error,
        }
        over({ kind: 'crashed', error: shape })
      },
      displace: (suspect, named = false) =>
        over({
          kind: 'displaced',
          suspect,
          ...(named && { named }),
          error: displacedError(suspect).toShape(),
        }),
    }
    this.runs.push(run)
    return run
  }
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve()
    signal?.addEventListener('abort', () => resolve(), { once: true })
  })
}
