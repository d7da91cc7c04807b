import { silentLogger } from '@m3m/base'
import { runtimeErrors } from '../runtime.errors.ts'
import { AgentRun } from './agent-run.ts'
import { RunnerPool } from './runner-pool.ts'
import type { RunnerProcess } from './runner-process.ts'
import type { RunnerFigures } from '../runner/runner.wire.ts'
import type { JobFigures, RunFigures, RuntimeSupervisor, SupervisorOptions } from './supervisor.options.ts'
import type { RunSource, RunSpec } from './supervisor.port.ts'

/** What the front needs besides: runs by slug and by project, their streams. */
export interface FrontSupervisor extends RuntimeSupervisor {
  bySlug(slug: string): AgentRun | null
  byProject(projectId: string): AgentRun | null
  readonly storagePath: string
}

/** Memory a runner may use beyond the heaps of its services: Node, the addon, bodies on their way. */
const RUNNER_OVERHEAD_MB = 256

/** A switch takes less; what was due longer ago was missed while the service was stopped, and is not made up for. */
const HANDOVER_MS = 60_000

/** Starts and holds runs. Whoever creates it owns its end: then every runner is killed. */
export async function createSupervisor(options: SupervisorOptions): Promise<RuntimeSupervisor> {
  return new RunSupervisor(options)
}

class RunSupervisor implements FrontSupervisor {
  readonly #options: SupervisorOptions
  readonly #runs = new Map<string, AgentRun>()
  readonly #bySlug = new Map<string, AgentRun>()
  readonly #byProject = new Map<string, AgentRun>()
  readonly #pool: RunnerPool
  readonly #disarmed = new Map<string, number>()
  readonly #figures = new WeakMap<RunnerProcess, RunnerFigures>()
  #lastHandle = 0
  #closed = false

  constructor(options: SupervisorOptions) {
    this.#options = options
    const { runnerEntry: entry, secrets, processFolder, logsPath, storagePath, settings = {} } = options
    this.#pool = new RunnerPool({
      entry,
      setup: { secrets, logsPath, storagePath, processFolder, settings, logLevel: 'info' },
      processFolder,
      logger: options.logger ?? silentLogger,
      spare: options.spare !== false,
    })
    this.#pool.warm()
  }

  get storagePath(): string {
    return this.#options.storagePath
  }

  async boot(spec: RunSpec, { signal }: { signal?: AbortSignal } = {}): Promise<AgentRun> {
    if (this.#closed) throw runtimeErrors.RUN_START_FAILED({ reason: 'the agent is ending' })
    const stripped = await this.#options.tools.strip(spec.files)
    if ('problems' in stripped) {
      const problem = stripped.problems.find(({ severity }) => severity === 'error') ?? stripped.problems[0]!
      const { file, line, column, message } = problem
      throw runtimeErrors.RUN_CODE_INVALID({ message }, { position: { file, line, column } })
    }
    const run = await this.#place(spec)
    const cut = () => void run.kill()
    signal?.addEventListener('abort', cut, { once: true })
    if (signal?.aborted) cut()
    try {
      await run.boot({ ...spec, files: stripped.files, startedAtMs: run.startedAtMs })
    } finally {
      signal?.removeEventListener('abort', cut)
    }
    return run
  }

  bySlug(slug: string): AgentRun | null {
    return this.#bySlug.get(slug) ?? null
  }
  byProject(projectId: string): AgentRun | null {
    return this.#byProject.get(projectId) ?? null
  }

  active(projectId: string): { runId: string; source: RunSource } | null {
    const run = this.#byProject.get(projectId)
    return run ? { runId: run.runId, source: run.spec.source } : null
  }

  figures(runId: string): RunFigures | null {
    const run = this.#runs.get(runId)
    if (!run) return null
    const runner = this.#figures.get(run.runner)
    return {
      runId,
      projectId: run.spec.projectId,
      cpuMs: runner?.cpuMs ?? 0,
      rssBytes: runner?.rssBytes ?? 0,
      lagMs: runner?.lagMs ?? 0,
      heapBytes: run.heapBytes,
      requests: run.counters.requests,
      errors: run.counters.errors,
      inFlight: run.runner.link.openStreams(run.handle),
      latencyClasses: run.counters.latencyClasses,
      routes: run.counters.figures(),
    }
  }

  async jobs(runId: string): Promise<JobFigures[]> {
    const jobs = await this.#runs.get(runId)?.control('schedule.list', [])
    return Array.isArray(jobs) ? (jobs as JobFigures[]) : []
  }

  async control(runId: string, name: string, args: readonly unknown[]): Promise<unknown> {
    return (await this.#runs.get(runId)?.control(name, args)) ?? null
  }

  async controlJob(runId: string, jobId: string, action: 'run' | 'pause' | 'resume'): Promise<boolean> {
    return (await this.#runs.get(runId)?.control(`schedule.${action}`, [jobId])) === true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    await this.#pool[Symbol.asyncDispose]()
  }

  async #place(spec: RunSpec): Promise<AgentRun> {
    const handle = ++this.#lastHandle
    let run: AgentRun | undefined
    let runner: RunnerProcess | undefined
    const started = await this.#pool.take({
      rssCapBytes: (spec.limits.memoryMb + RUNNER_OVERHEAD_MB) * 1048576,
      onControl: (of, what, rest) => {
        if (of === handle) run?.controlled(what, rest)
      },
      onFigures: (figures) => this.#measured(figures, runner, run),
      onEnd: (reason) => run?.runnerEnded(reason),
    })
    runner = started
    if (this.#closed) started.kill('the agent is ending')
    run = new AgentRun({
      spec,
      handle,
      runner: started,
      takeRoute: (run) => this.#takeRoute(run),
      leaveRoute: (run) => this.#leaveRoute(run),
      disarmedAt: (atMs) => void this.#disarmed.set(spec.projectId, atMs),
      takeDisarmed: () => this.#takeDisarmed(spec.projectId),
      onOver: (run) => {
        this.#runs.delete(run.runId)
        run.runner.kill('its service is over')
      },
      logger: this.#options.logger.with({ project: spec.projectId, run: spec.runId }),
    })
    this.#runs.set(spec.runId, run)
    return run
  }

  #measured(figures: RunnerFigures, runner: RunnerProcess | undefined, run: AgentRun | undefined): void {
    if (runner) this.#figures.set(runner, figures)
    for (const [handle, cpuMs, heapBytes] of figures.runs) {
      if (run?.handle !== handle) continue
      run.isolateCpuMs = cpuMs
      run.heapBytes = heapBytes
    }
  }

  #takeDisarmed(projectId: string): number | null {
    const atMs = this.#disarmed.get(projectId)
    this.#disarmed.delete(projectId)
    return atMs !== undefined && Date.now() - atMs < HANDOVER_MS ? atMs : null
  }

  #takeRoute(run: AgentRun): void {
    this.#bySlug.set(run.spec.slug, run)
    this.#byProject.set(run.spec.projectId, run)
  }

  #leaveRoute(run: AgentRun): void {
    if (this.#bySlug.get(run.spec.slug) === run) this.#bySlug.delete(run.spec.slug)
    if (this.#byProject.get(run.spec.projectId) === run) this.#byProject.delete(run.spec.projectId)
  }
}
