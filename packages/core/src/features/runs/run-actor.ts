import { messageOf } from '@m3m/base'
import { accessErrors } from '../access/access.errors.ts'
import type { Actor } from '../access/actor.schema.ts'
import { AGENT_ACTOR } from '../access/actor.schema.ts'
import type { CodeSource } from '../pipeline/pipeline.schema.ts'
import type { PipelineService, RunnableCode } from '../pipeline/pipeline.service.ts'
import type { ProjectsService } from '../projects/projects.service.ts'
import type { LiveRun } from './live-run.ts'
import { isDebug, nameOf, sameSource } from './live-run.ts'
import { clearOldLogs } from './old-logs.ts'
import type { RestartPolicy } from './restart-policy.ts'
import { createRestartPolicy } from './restart-policy.ts'
import { launch, toAppError } from './run-launcher.ts'
import type { LauncherDeps } from './run-launcher.ts'
import type { Observation, RunLedger } from './run-ledger.ts'
import { reasonOf } from './run-ledger.ts'
import type { RunLogs } from './run-logs.port.ts'
import { runsErrors } from './runs.errors.ts'
import type { RunsRepo } from './runs.repo.ts'
import type { RunCause, RunEndCause, RunReason, RunState, StartResult } from './runs.schema.ts'

export interface ActorDeps extends LauncherDeps {
  repo: RunsRepo
  projects: Pick<ProjectsService, 'find'>
  pipeline: Pick<PipelineService, 'runnable'>
  runLogs: RunLogs
  /** Told of every restart after a crash. */
  onRestart(projectId: string): void
}

/** architecture.md, Runs: a draining run ends what is in flight within 30 s. */
const DRAIN_MS = 30_000

/** A start that is asked for or under way. */
interface Start {
  source: CodeSource
  cut: AbortController
}

interface Wish extends Start {
  cause: RunCause
  actor: Actor
  /** Read already; else it is read now. */
  code?: RunnableCode
  /** What the badge goes on telling beside "running": why the run before ended. */
  reason?: RunReason
}

/**
 * The one owner of what a project runs. Everything goes through one queue, so that of two wishes at one moment
 * each finds a settled state; a stop does not wait in it but cuts off the starts before it first.
 */
export class RunActor {
  readonly projectId: string
  readonly #deps: ActorDeps
  readonly #ledger: RunLedger
  readonly #policy: RestartPolicy
  readonly #starts = new Set<Start>()
  readonly #draining = new Set<Promise<void>>()
  #queue: Promise<unknown> = Promise.resolve()
  #live: LiveRun | null = null
  #cancelRetry: (() => void) | null = null
  #stopping: Promise<RunState> | null = null
  #closed: 'agent-stop' | 'removed' | null = null

  constructor(deps: ActorDeps, projectId: string, ledger: RunLedger) {
    this.#deps = deps
    this.projectId = projectId
    this.#ledger = ledger
    this.#policy = createRestartPolicy(deps.clock)
  }

  state(): RunState {
    return this.#ledger.state()
  }

  /** What runs, or is just starting. */
  liveSource(): CodeSource | null {
    const [start] = this.#starts
    return this.#live?.source ?? start?.source ?? null
  }

  get liveRunId(): string | null {
    return this.#liveStill()?.runId ?? null
  }

  invalidate(what: 'models' | 'env'): void {
    this.#live?.supervised.invalidate(what)
  }

  /** A release that runs already is that start's answer; a branch always starts anew, with what is saved now. */
  start(actor: Actor, source: CodeSource): Promise<StartResult> {
    return this.#asked({ source, actor, cause: 'start', cut: new AbortController() }, async (wish) => {
      const live = this.#live
      if (live && !live.end && !isDebug(source) && sameSource(live.source, source)) return live
      return this.#bring(wish)
    })
  }

  restart(actor: Actor): Promise<StartResult> {
    const { desired, observed } = this.#ledger
    const source = this.liveSource() ?? desired.source ?? observed.source
    if (!source) return Promise.reject(runsErrors.RUNS_NOTHING_TO_RESTART({}))
    const wish = { source, actor, cause: 'restart' as const, cut: new AbortController() }
    return this.#asked(wish, () => this.#bring(wish))
  }

  /** The project has another slug: what runs is started anew under it. */
  async renamed(): Promise<void> {
    if (this.#live || this.#starts.size > 0) await this.restart(AGENT_ACTOR)
  }

  /** Starts what should run, once, when the agent starts. Never fails: the state tells. */
  async autostart(): Promise<void> {
    const { run, source } = this.#ledger.desired
    if (run && source) await this.#inQueue(() => this.#again('autostart', source)).catch(() => {})
  }

  /** The project shall not start with the agent. */
  async forgetWish(): Promise<void> {
    await this.#inQueue(() => this.#ledger.want({ run: false }))
  }

  /** Two stops at one moment are one. */
  stop(actor: Actor): Promise<RunState> {
    if (this.#stopping) return this.#stopping
    const cut = [...this.#starts]
    for (const start of cut) start.cut.abort()
    const onlyDebug = cut.length > 0 && cut.every(({ source }) => isDebug(source))
    const stopping = this.#open(() => this.#stop(actor, onlyDebug))
    this.#stopping = stopping
    const forget = () => {
      if (this.#stopping === stopping) this.#stopping = null
    }
    void stopping.then(forget, forget)
    return stopping
  }

  /** See CodeUse.removeUnused. */
  removeUnused(source: CodeSource, remove: () => Promise<void>): Promise<boolean> {
    return this.#open(async () => {
      const { desired, observed } = this.#ledger
      if (sameSource(this.#live?.source, source)) return false
      if (desired.run && sameSource(desired.source, source)) return false
      await remove()
      const version = isDebug(source) ? null : source.release
      await this.#ledger.want({
        ...(sameSource(desired.source, source) && { source: null }),
        ...(version && desired.activeRelease === version && { activeRelease: null }),
        ...(version && desired.lastGood === version && { lastGood: null }),
      })
      if (!this.#live && sameSource(observed.source, source)) {
        await this.#ledger.observe({ ...observed, source: null, branch: null, tag: null })
      }
      return true
    })
  }

  /** Drains. What should run stays desired. Nothing starts afterwards. */
  async close(why: 'agent-stop' | 'removed', actor: Actor = AGENT_ACTOR): Promise<void> {
    this.#closed = why
    this.#cancelBackOff()
    for (const start of this.#starts) start.cut.abort()
    await this.#inQueue(() => this.#end(why, actor))
    await Promise.allSettled(this.#draining)
  }

  async forget(): Promise<void> {
    await this.#inQueue(() => this.#ledger.remove())
  }

  // ---- what people wish ----

  #asked(wish: Wish, work: (wish: Wish) => Promise<LiveRun>): Promise<StartResult> {
    // What is stopped from here on is stopped after this start.
    this.#stopping = null
    this.#starts.add(wish)
    const answer = this.#open(async () => {
      if (wish.cut.signal.aborted) throw runsErrors.RUNS_SUPERSEDED({ source: nameOf(wish.source) })
      const { runId, source } = await work(wish)
      return { runId, state: this.#ledger.observed.state, source }
    })
    const forget = () => void this.#starts.delete(wish)
    void answer.then(forget, forget)
    return answer
  }

  async #bring(wish: Wish): Promise<LiveRun> {
    const { source } = wish
    const wanted = this.#ledger.desired
    const seen = this.#ledger.observed
    // Refuses an unknown source before anything has changed.
    const code = await this.#deps.pipeline.runnable(this.projectId, source)
    if (!isDebug(source)) {
      this.#cancelBackOff()
      this.#policy.reset()
      await this.#ledger.want({ run: true, source })
    }
    try {
      return await this.#launch({ ...wish, code })
    } catch (error) {
      if (this.#closed) throw runsErrors.RUNS_SHUTTING_DOWN({}, { cause: error })
      const old = this.#liveStill()
      if (old && !isDebug(source)) await this.#ledger.want({ run: wanted.run, source: wanted.source })
      if (old) await this.#ledger.observe(running(old))
      else if (wish.cut.signal.aborted || (isDebug(source) && this.#cancelRetry))
        await this.#ledger.observe(seen)
      else if (isDebug(source)) await this.#observeCrash(toReason(error))
      else await this.#fallBack(source, error)
      throw error
    }
  }

  async #stop(actor: Actor, onlyDebug: boolean): Promise<RunState> {
    const { run, source } = this.#ledger.desired
    const live = this.#liveStill()
    const debug = live !== null && isDebug(live.source)
    if (onlyDebug && run && !debug) return this.state()
    if (debug && run && source) {
      await this.#returnTo(source, { cause: 'stop', actor })
      return this.state()
    }
    this.#cancelBackOff()
    if (run) await this.#ledger.want({ run: false })
    await this.#end('stop', actor)
    return this.state()
  }

  // ---- what happens of itself ----

  /** A run is over; if it is the one that runs and nobody ended it, it has crashed. */
  async #crashed(run: LiveRun): Promise<void> {
    if (this.#live !== run) return
    this.#live = null
    if (this.#closed || run.retired) return
    const error = run.end && run.end.kind !== 'stopped' ? run.end.error : runsErrors.RUNS_ENDED_ITSELF({})
    const { run: wanted, source } = this.#ledger.desired
    if (!isDebug(run.source)) await this.#backOff(reasonOf(error))
    else if (wanted && source) await this.#again('return', source, reasonOf(error))
    else await this.#observeCrash(reasonOf(error))
  }

  /** Starts what is desired, without anybody asking; whatever fails is dealt with here. */
  async #again(cause: RunCause, source: CodeSource, reason?: RunReason): Promise<void> {
    if (this.#closed || this.#liveStill()) return
    if (cause === 'crash-restart') this.#madeRestart()
    const wish: Wish = {
      source,
      cause,
      actor: AGENT_ACTOR,
      cut: new AbortController(),
      ...(reason && { reason }),
    }
    this.#starts.add(wish)
    try {
      await this.#launch(wish)
    } catch (error) {
      if (!wish.cut.signal.aborted) await this.#fallBack(source, error)
    } finally {
      this.#starts.delete(wish)
    }
  }

  #madeRestart(): void {
    this.#policy.made()
    this.#deps.onRestart(this.projectId)
  }

  /** The debug run gives way to the release that should run: booted before the debug run ends. */
  async #returnTo(source: CodeSource, end: { cause: RunEndCause; actor: Actor }): Promise<void> {
    const wish: Wish = { source, cause: 'return', actor: end.actor, cut: new AbortController() }
    this.#starts.add(wish)
    try {
      await this.#launch(wish, end)
    } catch (error) {
      await this.#end(end.cause, end.actor)
      if (!wish.cut.signal.aborted) await this.#fallBack(source, error)
    } finally {
      this.#starts.delete(wish)
    }
  }

  /** Nothing runs and the release could not be started: try later, or the last good one, or nothing more. */
  async #fallBack(source: CodeSource, error: unknown): Promise<void> {
    const failure = toAppError(error)
    if (failure.blame !== 'user') return this.#backOff(reasonOf(failure))
    await this.#observeCrash(reasonOf(failure))
    const { lastGood } = this.#ledger.desired
    const project = await this.#deps.projects.find(this.projectId)
    if (!project?.settings.rollback || !lastGood || sameSource(source, { release: lastGood })) return
    await this.#ledger.want({ source: { release: lastGood } })
    await this.#again('rollback', { release: lastGood }, reasonOf(failure))
  }

  async #backOff(reason: RunReason): Promise<void> {
    const { atMs, limited } = this.#policy.next()
    this.#cancelBackOff()
    this.#cancelRetry = this.#deps.clock.after(atMs - this.#deps.clock.now(), () => {
      this.#cancelRetry = null
      this.#spontaneous(async () => {
        const { run, source } = this.#ledger.desired
        if (run && source) await this.#again('crash-restart', source)
      })
    })
    await this.#observeCrash(reason, {
      conditions: limited ? ['backing-off', 'limited'] : ['backing-off'],
      nextStartAt: new Date(atMs),
    })
  }

  // ---- steps ----

  async #launch(wish: Wish, end?: { cause: RunEndCause; actor: Actor }): Promise<LiveRun> {
    const { source, cause, actor, cut, reason } = wish
    const project = await this.#deps.projects.find(this.projectId)
    if (!project) throw accessErrors.ACCESS_NO_PROJECT({ project: this.projectId })
    const code = wish.code ?? (await this.#deps.pipeline.runnable(this.projectId, source))
    const old = this.#liveStill()
    const run = await launch(this.#deps, this.#ledger, {
      project,
      source,
      code,
      cause,
      actor,
      old,
      signal: cut.signal,
      onOver: (run) => this.#spontaneous(() => this.#crashed(run)),
    })
    this.#live = run
    this.#cancelBackOff()
    await this.#ledger.observe({ ...running(run), reason: reason ?? null })
    if (old) this.#retire(old, end?.cause ?? 'replaced', end?.actor ?? actor)
    if (!isDebug(source)) await this.#noteRelease(run)
    await this.#clearLogs(run, cause)
    void old?.over.then(() => this.#clearLogs(run, cause))
    return run
  }

  async #noteRelease({ source, tag }: LiveRun): Promise<void> {
    if (isDebug(source)) return
    const active = tag === 'stable' ? { activeRelease: source.release } : {}
    await this.#ledger.want({ run: true, source, lastGood: source.release, ...active })
  }

  /** A rollback keeps the log of what failed. */
  async #clearLogs(run: LiveRun, cause: RunCause): Promise<void> {
    if (cause === 'rollback' || this.#live !== run || this.#closed === 'removed') return
    await clearOldLogs(this.#deps, this.projectId, run).catch((error: unknown) => {
      this.#deps.logger.warn('old logs not cleared', { project: this.projectId, error: messageOf(error) })
    })
  }

  /** Ends what runs, and answers when it has ended. */
  async #end(cause: RunEndCause, actor: Actor): Promise<void> {
    const live = this.#liveStill()
    if (live) {
      await this.#ledger.observe({ ...running(live), state: 'stopping' })
      this.#retire(live, cause, actor)
      await live.over
    }
    this.#live = null
    await this.#ledger.observe({ ...this.#ledger.observed, state: 'stopped', ...QUIET })
  }

  /** Not waited for: a draining run answers what is in flight while the next one works. */
  #retire(run: LiveRun, cause: RunEndCause, by: Actor): void {
    run.retired = { cause, by }
    const drained = run.supervised
      .stop({ graceMs: DRAIN_MS })
      .catch(() => run.supervised.kill())
      .then(() => run.over)
      .catch((error: unknown) => {
        this.#deps.logger.error('a run could not be ended', { runId: run.runId, error: messageOf(error) })
      })
    this.#draining.add(drained)
    void drained.finally(() => this.#draining.delete(drained))
  }

  #liveStill(): LiveRun | null {
    return this.#live && !this.#live.end ? this.#live : null
  }

  #cancelBackOff(): void {
    this.#cancelRetry?.()
    this.#cancelRetry = null
  }

  async #observeCrash(reason: RunReason, more: Partial<Observation> = {}): Promise<void> {
    await this.#ledger.observe({ ...this.#ledger.observed, state: 'crashed', ...QUIET, reason, ...more })
  }

  // ---- the queue ----

  #inQueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work)
    this.#queue = result.catch(() => {})
    return result
  }

  #open<T>(work: () => Promise<T>): Promise<T> {
    return this.#inQueue(async () => {
      if (this.#closed === 'removed') throw accessErrors.ACCESS_NO_PROJECT({ project: this.projectId })
      if (this.#closed) throw runsErrors.RUNS_SHUTTING_DOWN({})
      return work()
    })
  }

  #spontaneous(work: () => Promise<void>): void {
    this.#inQueue(work).catch((error: unknown) => {
      this.#deps.logger.error('a run could not be looked after', { project: this.projectId, error })
    })
  }
}

/** Nothing beside the state. */
const QUIET = { conditions: [], reason: null, nextStartAt: null }

function running({ source, branch, tag, runId }: LiveRun): Observation {
  return { state: 'running', source, branch, tag, runId }
}

function toReason(error: unknown): RunReason {
  return reasonOf(toAppError(error))
}
