import { AppError, type FieldError, silentLogger } from '@m3m/base'
import type { RunnerFigures } from '../runner/runner.wire.ts'
import { runtimeErrors } from '../runtime.errors.ts'
import { AgentRun } from './agent-run.ts'
import type { PluginOrder } from '../plugins/plugin.contract.ts'
import { place } from './place.ts'
import { RunnerHome } from './runner-home.ts'
import { RunnerPool } from './runner-pool.ts'
import { WaitingRoom } from './waiting-room.ts'
import type { JobFigures, RunFigures, RuntimeSupervisor, SupervisorOptions } from './supervisor.options.ts'
import type { BootOptions, RunEnd, RunSource, RunSpec } from './supervisor.port.ts'

/** Whom a request is for. */
export type RouteOf = { slug: string } | { projectId: string }

/** What the front needs besides: who has a route. */
export interface FrontSupervisor extends RuntimeSupervisor {
  /**
   * The run that has the route; null when none has. A promise while the run moves to another runner: the request is
   * held until then, and null means that none came.
   */
  route(of: RouteOf): AgentRun | Promise<AgentRun | null> | null
  readonly storagePath: string
}

const MOVED = new Set<string>(['RUN_SUSPECTED', 'RUN_DISPLACED'])

/** A switch takes less; what was due longer ago was missed while the service was stopped, and is not made up for. */
const HANDOVER_MS = 60_000

/** See {@link SupervisorOptions.silentMs}. */
const SILENT_MS = 15_000

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
  readonly #homes = new Set<RunnerHome>()
  readonly #homeOf = new WeakMap<AgentRun, RunnerHome>()
  readonly #waiting = new WaitingRoom()
  #lastHandle = 0
  #closed = false

  constructor(options: SupervisorOptions) {
    this.#options = options
    const { runnerEntry: entry, secrets, processFolder, logsPath, storagePath, settings = {} } = options
    this.#pool = new RunnerPool({
      entry,
      setup: { secrets, logsPath, storagePath, processFolder, settings, logLevel: 'info' },
      processFolder,
      silentMs: options.silentMs ?? SILENT_MS,
      logger: options.logger ?? silentLogger,
      spare: options.spare !== false,
    })
    this.#pool.warm()
  }

  get storagePath(): string {
    return this.#options.storagePath
  }

  boot(spec: RunSpec, options?: BootOptions): Promise<AgentRun> {
    return this.#pool.whileBooting(() => this.#boot(spec, options))
  }

  async #boot(spec: RunSpec, { signal, onJobs }: BootOptions = {}): Promise<AgentRun> {
    if (this.#closed) throw runtimeErrors.RUN_START_FAILED({ reason: 'the agent is ending' })
    const stripped = await this.#options.tools.strip(spec.files)
    if ('problems' in stripped) {
      const problem = stripped.problems.find(({ severity }) => severity === 'error') ?? stripped.problems[0]!
      const { file, line, column, message } = problem
      throw runtimeErrors.RUN_CODE_INVALID({ message }, { position: { file, line, column } })
    }
    const plugins = await this.#pluginsOf(spec)
    const run = await this.#place(spec, onJobs)
    const cut = () => void run.kill()
    signal?.addEventListener('abort', cut, { once: true })
    if (signal?.aborted) cut()
    try {
      await run.boot({
        ...spec,
        files: stripped.files,
        plugins,
        startedAtMs: run.startedAtMs,
        ownPorts: this.#options.ownPorts?.() ?? [],
        fileLinks: this.#options.fileLinks?.(spec.projectId) ?? null,
      })
    } catch (error) {
      // Those that were brought down by a neighbour are tried again.
      if (!MOVED.has((error as { code?: string }).code ?? '')) this.#waiting.settle(spec.projectId, null)
      throw error
    } finally {
      signal?.removeEventListener('abort', cut)
    }
    return run
  }

  expect(project: { projectId: string; slug: string }): () => void {
    return this.#closed ? () => {} : this.#waiting.expect(project)
  }

  route(of: RouteOf): AgentRun | Promise<AgentRun | null> | null {
    const run = 'slug' in of ? this.#bySlug.get(of.slug) : this.#byProject.get(of.projectId)
    if (run && (run.alone || !run.runner.link.closed)) return run
    // Its shared runner has just ended: who is to blame is known in a moment, and then it moves.
    if (run) this.#waiting.expect(run.spec)
    return this.#waiting.wait(of)
  }

  active(projectId: string): { runId: string; source: RunSource } | null {
    const run = this.#byProject.get(projectId)
    return run ? { runId: run.runId, source: run.spec.source } : null
  }

  figures(runId: string): RunFigures | null {
    const run = this.#runs.get(runId)
    if (!run) return null
    const runner = this.#homeOf.get(run)?.figures
    return {
      runId,
      projectId: run.spec.projectId,
      ...sharesOf(run, runner ?? null),
      lagMs: runner?.lagMs ?? 0,
      heapBytes: run.heapBytes,
      requests: run.counters.requests,
      errors: run.counters.errors,
      statusClasses: run.counters.statusClasses,
      bytesIn: run.counters.bytesIn,
      bytesOut: run.counters.bytesOut,
      jobRuns: run.jobRuns,
      inFlight: run.runner.link.openStreams(run.handle),
      latencyClasses: run.counters.latencyClasses,
      // Asked for when somebody looks: percentiles of a thousand routes each second would be for nobody.
      get routes() {
        return run.counters.figures()
      },
      limits: run.limitHits,
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
    this.#waiting.close()
    // Ended by us: none of them has crashed, and none is to blame.
    for (const run of [...this.#runs.values()]) void run.kill()
    await this.#pool[Symbol.asyncDispose]()
  }

  async #place(spec: RunSpec, onJobs: BootOptions['onJobs'] = () => {}): Promise<AgentRun> {
    const handle = ++this.#lastHandle
    const home = this.#homeFor(spec)
    const { runner, slot } = await home.enter(handle, spec)
    if (this.#closed) runner.kill('the agent is ending')
    const run = new AgentRun({
      spec,
      handle,
      runner,
      slot,
      takeRoute: (run) => this.#takeRoute(run),
      leaveRoute: (run) => this.#leaveRoute(run),
      disarmedAt: (atMs) => void this.#disarmed.set(spec.projectId, atMs),
      takeDisarmed: () => this.#takeDisarmed(spec.projectId),
      onOver: (run, end) => this.#over(run, end),
      blame: (reason) => home.blame(handle, reason),
      pluginFailed: (plugin, reason) => this.#pluginFailed(spec, plugin, reason),
      onJobs,
      release: (run) => home.release(run),
      logger: this.#options.logger.with({ project: spec.projectId, run: spec.runId }),
    })
    this.#runs.set(spec.runId, run)
    this.#homeOf.set(run, home)
    home.hold(run)
    return run
  }

  async #pluginsOf({ plugins = [] }: RunSpec): Promise<PluginOrder[]> {
    return plugins.length === 0 ? [] : ((await this.#options.plugins?.orders(plugins)) ?? [])
  }

  /** Only those the run has: a runner could name any. */
  #pluginFailed({ plugins = [], projectId, runId }: RunSpec, plugin: string, why: string | FieldError): void {
    if (!plugins.includes(plugin)) return
    const said = typeof why === 'string' ? { reason: why } : { reason: why.message, because: why }
    this.#options.plugins?.noteFailure(plugin, { atMs: Date.now(), projectId, runId, ...said })
  }

  #homeFor(spec: RunSpec): RunnerHome {
    const placed = place(spec, this.#homes)
    if (placed !== 'own' && placed !== 'shared') return placed
    const home = new RunnerHome({
      shared: placed === 'shared',
      pool: this.#pool,
      onLeaving: (home) => void this.#homes.delete(home),
      logger: this.#options.logger,
    })
    this.#homes.add(home)
    return home
  }

  #over(run: AgentRun, end: RunEnd): void {
    this.#runs.delete(run.runId)
    const { nativePlugins, plugins = [] } = run.spec
    if (nativePlugins && end.kind === 'crashed' && end.error.code === 'RUN_RUNNER_DIED')
      for (const plugin of plugins)
        this.#pluginFailed(run.spec, plugin, AppError.fromShape(end.error).toField())
    const hadRoute = this.#byProject.get(run.spec.projectId) === run
    if (hadRoute && end.kind === 'displaced') this.#waiting.expect(run.spec)
    else if (hadRoute) this.#waiting.settle(run.spec.projectId, null)
  }

  #takeDisarmed(projectId: string): number | null {
    const atMs = this.#disarmed.get(projectId)
    this.#disarmed.delete(projectId)
    return atMs !== undefined && Date.now() - atMs < HANDOVER_MS ? atMs : null
  }

  #takeRoute(run: AgentRun): void {
    this.#bySlug.set(run.spec.slug, run)
    this.#byProject.set(run.spec.projectId, run)
    this.#waiting.settle(run.spec.projectId, run)
  }

  #leaveRoute(run: AgentRun): void {
    if (this.#bySlug.get(run.spec.slug) === run) this.#bySlug.delete(run.spec.slug)
    if (this.#byProject.get(run.spec.projectId) === run) this.#byProject.delete(run.spec.projectId)
  }
}

/** What of a runner's CPU time and memory is the run's: all of its own runner; of a shared one its isolate and a part of the rest. */
function sharesOf(run: AgentRun, runner: RunnerFigures | null): { cpuMs: number; rssBytes: number } {
  if (!runner) return { cpuMs: 0, rssBytes: 0 }
  if (run.alone) return { cpuMs: runner.cpuMs, rssBytes: runner.rssBytes }
  const heaps = runner.runs.reduce((sum, [, , bytes]) => sum + bytes, 0)
  const rest = Math.max(0, runner.rssBytes - heaps) / Math.max(1, runner.runs.length)
  return { cpuMs: run.isolateCpuMs, rssBytes: Math.round(run.heapBytes + rest) }
}
