// A runner process with the runs in it, as the agent holds them together: places, memory, who is told of its end.
import { totalmem } from 'node:os'
import type { Logger } from '@m3m/base'
import type { RunnerFigures } from '../runner/runner.wire.ts'
import type { AgentRun } from './agent-run.ts'
import { MAX_SHARED_RUNS, rssCapBytes, type RunnerRoom } from './place.ts'
import type { RunnerPool } from './runner-pool.ts'
import type { RunnerProcess } from './runner-process.ts'
import type { RunSpec } from './supervisor.port.ts'
import { suspectsOf } from './suspects.ts'

export interface RunnerHomeOptions {
  shared: boolean
  pool: RunnerPool
  /** It has ended, or takes no further run. */
  onLeaving(home: RunnerHome): void
  logger: Logger
}

/** A place in a runner, kept for a run that is on its way. */
export interface Lodging {
  readonly runner: RunnerProcess
  /** Its byte in the black box; null in a runner of its own, where there is nobody else to suspect. */
  readonly slot: number | null
}

/** Has a process and an end. The process is begun with the first {@link RunnerHome.enter}. */
export class RunnerHome implements RunnerRoom {
  readonly shared: boolean
  readonly #options: RunnerHomeOptions
  readonly #runs = new Map<number, AgentRun>()
  readonly #slots = new Map<number, number>()
  readonly #limitsMb = new Map<number, number>()
  readonly #blamed = new Set<number>()
  #process: Promise<RunnerProcess> | null = null
  #runner: RunnerProcess | null = null
  #figures: RunnerFigures | null = null
  #leaving = false

  constructor(options: RunnerHomeOptions) {
    this.#options = options
    this.shared = options.shared
  }

  get size(): number {
    return this.#limitsMb.size
  }
  get leaving(): boolean {
    return this.#leaving
  }
  get rssBytes(): number {
    return this.#figures?.rssBytes ?? 0
  }
  get figures(): RunnerFigures | null {
    return this.#figures
  }

  /** Keeps a place and waits for the process. @throws RUN_START_FAILED */
  async enter(handle: number, spec: RunSpec): Promise<Lodging> {
    this.#limitsMb.set(handle, spec.limits.memoryMb)
    try {
      const runner = await (this.#process ??= this.#begin())
      const slot = this.shared ? runner.box.take() : null
      if (slot !== null) this.#slots.set(handle, slot)
      return { runner, slot }
    } catch (error) {
      this.#limitsMb.delete(handle)
      this.#leave()
      throw error
    }
  }

  /** The run for which {@link RunnerHome.enter} kept a place. */
  hold(run: AgentRun): void {
    this.#runs.set(run.handle, run)
    if (this.#runner?.ended) run.runnerEnded(ENDED_EARLY, this.shared ? false : null)
  }

  /**
   * The run is over. A runner without runs goes with its last one; of a shared one everything of the run is taken away
   * and the others go on.
   *
   * @returns settles when nothing of the run is left.
   */
  async release(run: AgentRun): Promise<void> {
    const { handle } = run
    if (!this.#runs.delete(handle)) return
    this.#limitsMb.delete(handle)
    const slot = this.#slots.get(handle)
    this.#slots.delete(handle)
    const runner = run.runner
    if (this.#limitsMb.size === 0) {
      this.#leave()
      runner.kill('its last service is over')
      return await runner.gone
    }
    const gone = await run.closed()
    if (runner.ended) return
    if (gone && slot !== undefined) return runner.box.free(slot)
    // Something of it is left in there: the others go on, but nobody new comes.
    this.#options.logger.warn('a service could not be taken out of its runner', { run: run.runId })
    this.#leave()
  }

  /** Names a run as the cause of the end that follows. */
  blame(handle: number, reason: string): void {
    this.#blamed.add(handle)
    this.#runner?.kill(reason)
  }

  async #begin(): Promise<RunnerProcess> {
    const runner = await this.#options.pool.take({
      rssCapBytes: () => rssCapBytes([...this.#limitsMb.values()], totalmem()),
      onControl: (handle, what, rest) => this.#controlled(handle, what, rest),
      onFigures: (figures) => this.#measured(figures),
      onEnd: (reason) => this.#ended(reason),
    })
    this.#runner = runner
    return runner
  }

  #controlled(handle: number, what: string, rest: readonly unknown[]): void {
    if (what === 'poisoned') {
      const reason = String(rest[0]).slice(0, 200)
      this.#options.logger.warn('a runner cannot be saved', { handle, reason })
      this.blame(handle, reason)
    } else this.#runs.get(handle)?.controlled(what, rest)
  }

  #measured(figures: RunnerFigures): void {
    this.#figures = figures
    for (const [handle, cpuMs, heapBytes] of figures.runs.slice(0, 2 * MAX_SHARED_RUNS)) {
      const run = this.#runs.get(handle)
      if (!run) continue
      run.isolateCpuMs = cpuMs
      run.heapBytes = heapBytes
    }
  }

  #leave(): void {
    if (this.#leaving) return
    this.#leaving = true
    this.#options.onLeaving(this)
  }

  #ended(reason: string): void {
    this.#leave()
    const runs = [...this.#runs.values()]
    if (!this.shared || !this.#runner) {
      for (const run of runs) run.runnerEnded(reason, null)
      return
    }
    const flagged = this.#runner.box.flagged()
    const suspects = suspectsOf({
      blamed: this.#blamed,
      flagged: new Set(runs.flatMap(({ handle }) => (flagged.has(this.#slots.get(handle)!) ? handle : []))),
      heapBytes: new Map(runs.map(({ handle, heapBytes }) => [handle, heapBytes])),
      byMemory: this.#runner.byMemory,
      ageMs: performance.now() - this.#runner.adoptedAtMs,
    })
    // One that nobody lives in any more was ended by us.
    this.#options.logger[runs.length > 0 ? 'warn' : 'info']('a shared runner ended', {
      reason,
      runs: runs.length,
      suspects: runs.filter(({ handle }) => suspects.has(handle)).map(({ runId }) => runId),
    })
    for (const run of runs) run.runnerEnded(reason, suspects.has(run.handle), this.#blamed.has(run.handle))
  }
}

const ENDED_EARLY = 'it ended while the service was on its way'
