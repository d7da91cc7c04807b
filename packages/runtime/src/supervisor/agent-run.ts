// One run as the agent holds it: phases, its place in a runner, why it ended.
import { AppError, type ErrorShape, type Logger } from '@m3m/base'
import { CONTROL_CALLS } from '../runner/runner.wire.ts'
import { PHASE_LIMIT_MS } from '../modules/service/service.contract.ts'
import { runtimeErrors } from '../runtime.errors.ts'
import { isNotedLimit, limitOfCode, LimitNotes, type NotedLimit } from '../limits/limit-notes.ts'
import { checkError, checkJobReport, isWhole } from './check-frames.ts'
import { RouteCounters } from './route-counters.ts'
import type { RunnerProcess } from './runner-process.ts'
import type { JobReport, RunEnd, RunSpec, SupervisedRun } from './supervisor.port.ts'

/** booting → standby → active → draining → over. */
export type Phase = 'booting' | 'standby' | 'active' | 'draining' | 'over'

export interface AgentRunOptions {
  spec: RunSpec
  handle: number
  runner: RunnerProcess
  /** Its place in the runner's black box; null in a runner of its own. */
  slot: number | null
  /** Gives the run its project's route; {@link AgentRunOptions.leaveRoute} takes it away, if it still has it. */
  takeRoute(run: AgentRun): void
  leaveRoute(run: AgentRun): void
  /** When the project's last run was disarmed; the run that follows asks once. */
  disarmedAt(atMs: number): void
  takeDisarmed(): number | null
  /** The run is over. */
  onOver(run: AgentRun, end: RunEnd): void
  /** Ends the runner, this run being the cause. */
  blame(reason: string): void
  /** A plugin of the run failed. */
  pluginFailed(plugin: string, reason: string): void
  /** What its jobs did. */
  onJobs(report: JobReport): void
  /** Frees its place in the runner; settles when nothing is left of it. */
  release(run: AgentRun): Promise<void>
  logger: Logger
}

/** Beyond a phase's own limit, for the way there and back. */
const MARGIN_MS = 10_000
const DRAIN_LOOK_MS = 20

/** A run has an identity and an end. */
export class AgentRun implements SupervisedRun {
  readonly spec: RunSpec
  readonly handle: number
  readonly runner: RunnerProcess
  readonly counters: RouteCounters
  readonly startedAtMs = Date.now()
  heapBytes = 0
  isolateCpuMs = 0
  /** Times that its jobs began. */
  jobRuns = 0
  readonly #options: AgentRunOptions
  readonly #ended = Promise.withResolvers<RunEnd>()
  readonly #limitHits = new Map<NotedLimit, number>()
  readonly #limits = new LimitNotes({
    report: (limit, times) => this.#countLimit(limit, times),
    log: (text) => void this.#call(CONTROL_CALLS.note, text, MARGIN_MS).catch(() => {}),
  })
  #phase: Phase = 'booting'
  #released: Promise<void> = Promise.resolve()
  #stopping: Promise<void> | null = null

  constructor(options: AgentRunOptions) {
    this.#options = options
    this.spec = options.spec
    this.handle = options.handle
    this.runner = options.runner
    this.counters = new RouteCounters(options.spec.limits.maxRoutes)
  }

  get runId(): string {
    return this.spec.runId
  }
  /** It has a runner of its own. */
  get alone(): boolean {
    return this.#options.slot === null
  }
  get phase(): Phase {
    return this.#phase
  }
  get ended(): Promise<RunEnd> {
    return this.#ended.promise
  }

  /** Main file and boot callbacks. @throws the reason; the run is over then. */
  async boot(order: unknown): Promise<void> {
    try {
      await this.#call(CONTROL_CALLS.boot, { order, slot: this.#options.slot }, this.spec.limits.bootMs * 2)
      if (this.#phase === 'booting') this.#phase = 'standby'
    } catch (error) {
      throw await this.#failed(error)
    }
    if (this.#phase !== 'standby') throw await this.#whyOver()
  }

  async activate(): Promise<void> {
    try {
      await this.#call(CONTROL_CALLS.arm, { sinceMs: this.#options.takeDisarmed() }, MARGIN_MS)
      this.#phase = 'active'
      this.#options.takeRoute(this)
      await this.#call(CONTROL_CALLS.start, null, PHASE_LIMIT_MS)
    } catch (error) {
      throw await this.#failed(error)
    }
  }

  async disarm(): Promise<void> {
    if (this.#phase === 'over') return
    const atMs = await this.#call(CONTROL_CALLS.disarm, null, MARGIN_MS)
    if (typeof atMs === 'number') this.#options.disarmedAt(atMs)
  }

  async rearm(): Promise<void> {
    if (this.#phase === 'over') throw await this.#whyOver()
    await this.#call(CONTROL_CALLS.arm, { sinceMs: this.#options.takeDisarmed() }, MARGIN_MS)
    if (this.#phase === 'active') this.#options.takeRoute(this)
  }

  stop({ graceMs }: { graceMs: number }): Promise<void> {
    return (this.#stopping ??= this.#stop(graceMs))
  }

  async kill(): Promise<void> {
    this.#over({ kind: 'stopped' })
    await this.#released
  }

  invalidate(what: 'models' | 'env'): void {
    // Whether it arrives is the run's own affair: a dead run reads nothing any more.
    this.#call(CONTROL_CALLS.invalidate, what, MARGIN_MS).catch(() => {})
  }

  /** A control of a module (`schedule.list`). null when the run is over. */
  async control(name: string, args: readonly unknown[]): Promise<unknown> {
    return this.#phase === 'over' ? null : await this.#call(CONTROL_CALLS.module, [name, args], MARGIN_MS)
  }

  /** How often each limit was passed since the start. */
  get limitHits(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#limitHits)
  }

  /** The front saw that a limit was passed. */
  limited(limit: NotedLimit, text: string): void {
    this.#limits.note(limit, text)
  }

  #countLimit(limit: NotedLimit, times: number): void {
    this.#limitHits.set(limit, (this.#limitHits.get(limit) ?? 0) + times)
  }

  /** What the runner says of this run. */
  controlled(what: string, [a, b, c]: readonly unknown[]): void {
    if (what === 'route' && typeof a === 'number' && typeof b === 'string' && typeof c === 'string') {
      if (!this.counters.register(a, b.slice(0, 20), c.slice(0, 200)))
        this.#options.blame('it registered too many routes')
    } else if (what === 'limit') {
      // Told once a second at most, so more than this is invented.
      if (isNotedLimit(a) && isWhole(b, 1, 1_000_000)) this.#countLimit(a, b)
    } else if (what === 'jobs') this.#jobs(checkJobReport(a))
    else if (what === 'gone') this.crash(checkError(a))
    else if (what === 'plugin' && typeof a === 'string' && typeof b === 'string')
      this.#options.pluginFailed(a, b.slice(0, 2000))
  }

  #jobs(report: JobReport): void {
    // Times are numbered from 1, and every one is told of.
    for (const { n } of report.notes) this.jobRuns = Math.max(this.jobRuns, n)
    this.#options.onJobs(report)
  }

  /** Ends the run as crashed (once) and gives the error back. */
  crash(error: ErrorShape): AppError {
    const limit = this.#phase === 'over' ? null : limitOfCode(error.code)
    if (limit) this.#countLimit(limit, 1)
    this.#over({ kind: 'crashed', error })
    return AppError.fromShape(error)
  }

  /** The runner process ended. `suspect`: whether this run is thought to be the cause; null in a runner of its own. `named`: it is known to be. */
  runnerEnded(reason: string, suspect: boolean | null, named = false): void {
    if (suspect === null) return void this.crash(runtimeErrors.RUN_RUNNER_DIED({ reason }).toShape())
    const error = suspect ? runtimeErrors.RUN_SUSPECTED({ reason }) : runtimeErrors.RUN_DISPLACED({ reason })
    this.#over({ kind: 'displaced', suspect, ...(named && { named }), error: error.toShape() })
  }

  /** Takes everything of the run out of its runner, which goes on. False when the runner did not say so in time. */
  async closed(): Promise<boolean> {
    return await this.#call(CONTROL_CALLS.close, null, MARGIN_MS).then(
      () => true,
      () => this.runner.ended,
    )
  }

  async #stop(graceMs: number): Promise<void> {
    if (this.#phase === 'over') return
    const wasActive = this.#phase === 'active'
    this.#phase = 'draining'
    try {
      await this.#call(CONTROL_CALLS.disarm, null, MARGIN_MS)
      this.#options.leaveRoute(this)
      if (wasActive) {
        await this.#drain(graceMs)
        await this.#call(CONTROL_CALLS.shutdown, null, PHASE_LIMIT_MS)
      }
      await this.#call(CONTROL_CALLS.close, null, MARGIN_MS)
    } catch (error) {
      this.#options.logger.warn('a run did not stop by itself', {
        run: this.runId,
        error: (error as Error).message,
      })
    }
    this.#over({ kind: 'stopped' })
    await this.#released
  }

  /** Waits until every answer has left; sockets and endless streams are closed at once. */
  async #drain(graceMs: number): Promise<void> {
    const { link } = this.runner
    const until = performance.now() + graceMs
    link.eachStream(this.handle, (owner) => owner.drain())
    while (link.openStreams(this.handle) > 0 && performance.now() < until && this.#phase === 'draining')
      await new Promise((resolve) => setTimeout(resolve, DRAIN_LOOK_MS))
  }

  #over(end: RunEnd): void {
    if (this.#phase === 'over') return
    this.#phase = 'over'
    this.#options.onOver(this, end)
    this.#options.leaveRoute(this)
    this.runner.link.loseRun(this.handle)
    this.#released = this.#options.release(this)
    this.#ended.resolve(end)
  }

  /** A call failed: because of the run, or because its runner is going, which then says why. */
  async #failed(error: unknown): Promise<AppError> {
    if (this.runner.link.closed) await this.runner.gone
    if (this.#phase === 'over') return await this.#whyOver()
    return this.crash(shapeOf(error))
  }

  #call(method: string, parameter: unknown, limitMs: number): Promise<unknown> {
    return this.runner.link.call(this.handle, method, parameter, limitMs + MARGIN_MS)
  }

  async #whyOver(): Promise<AppError> {
    const end = await this.ended
    return end.kind !== 'stopped'
      ? AppError.fromShape(end.error)
      : runtimeErrors.RUN_OVER({ runId: this.runId })
  }
}

function shapeOf(error: unknown): ErrorShape {
  return error instanceof AppError
    ? error.toShape()
    : runtimeErrors.RUN_RUNNER_DIED({ reason: (error as Error).message }).toShape()
}
