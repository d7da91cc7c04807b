import { messageOf } from '@m3m/base'
import { accessErrors } from '../access/access.errors.ts'
import type { Actor } from '../access/actor.schema.ts'
import { AGENT_ACTOR } from '../access/actor.schema.ts'
import type { CodeSource } from '../pipeline/pipeline.schema.ts'
import type { PipelineService } from '../pipeline/pipeline.service.ts'
import type { ProjectsService } from '../projects/projects.service.ts'
import type { LiveRun, ReadAhead, Start, Wish } from './live-run.ts'
import { isDebug, nameOf, runningAs, sameSource } from './live-run.ts'
import { clearOldLogs } from './old-logs.ts'
import { launch, toAppError } from './run-launcher.ts'
import type { LauncherDeps } from './run-launcher.ts'
import type { RunLedger } from './run-ledger.ts'
import { QUIET, reasonOf } from './run-ledger.ts'
import type { RunLogs } from './run-logs.port.ts'
import { RunQueue } from './run-queue.ts'
import type { ClosedBy } from './run-queue.ts'
import { RunRecovery } from './run-recovery.ts'
import { runsErrors } from './runs.errors.ts'
import type { RunsRepo } from './runs.repo.ts'
import type { RunEndCause, RunState, StartResult } from './runs.schema.ts'

export interface ActorDeps extends LauncherDeps {
  repo: RunsRepo
  projects: Pick<ProjectsService, 'find'>
  pipeline: Pick<PipelineService, 'runnable' | 'runnableReleases'>
  runLogs: RunLogs
  /** Told of every restart after a crash. */
  onRestart(projectId: string): void
}

/** architecture.md, Runs: a draining run ends what is in flight within 30 s. */
const DRAIN_MS = 30_000

/**
 * The one owner of what a project runs. Everything goes through one queue, so that of two wishes at one moment
 * each finds a settled state; a stop does not wait in it but cuts off the starts before it first.
 */
export class RunActor {
  readonly projectId: string
  readonly #deps: ActorDeps
  readonly #ledger: RunLedger
  readonly #queue: RunQueue
  readonly #recovery: RunRecovery
  readonly #starts = new Set<Start>()
  readonly #draining = new Set<Promise<void>>()
  #live: LiveRun | null = null
  #stopping: Promise<RunState> | null = null

  constructor(deps: ActorDeps, projectId: string, ledger: RunLedger) {
    this.#deps = deps
    this.projectId = projectId
    this.#ledger = ledger
    ledger.follows(() => this.liveSource())
    this.#queue = new RunQueue(projectId, deps.logger)
    this.#recovery = new RunRecovery({
      projectId,
      clock: deps.clock,
      projects: deps.projects,
      ledger,
      queue: this.#queue,
      starts: this.#starts,
      live: () => this.#liveStill(),
      launch: (wish) => this.#launch(wish),
      onRestart: deps.onRestart,
    })
  }

  state(): RunState {
    return this.#ledger.state()
  }

  /** What runs. What is only starting does not: nobody may be told that it runs. */
  liveSource(): CodeSource | null {
    return this.#liveStill()?.source ?? null
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
    const [start] = this.#starts
    const source = this.liveSource() ?? start?.source ?? desired.source ?? observed.source
    if (!source) return Promise.reject(runsErrors.RUNS_NOTHING_TO_RESTART({}))
    const wish = { source, actor, cause: 'restart' as const, cut: new AbortController() }
    return this.#asked(wish, () => this.#bring(wish))
  }

  /** The project has another slug: what runs is started anew under it. */
  async renamed(): Promise<void> {
    if (this.#live || this.#starts.size > 0) await this.restart(AGENT_ACTOR)
  }

  /**
   * Starts what should run, once, when the agent starts. Never fails: the state tells.
   *
   * @param read for the source that was desired when it was read; another one that is desired by now is read anew
   */
  async autostart(read: ReadAhead & { source: CodeSource | null }): Promise<void> {
    const { run, source } = this.#ledger.desired
    if (!run || !source) return
    const { code, ...rest } = read
    const more = code && sameSource(source, read.source) ? { ...rest, code } : rest
    await this.#queue.add(() => this.#recovery.again('autostart', source, more)).catch(() => {})
  }

  /** The project shall not start with the agent. */
  async forgetWish(): Promise<void> {
    await this.#queue.add(() => this.#ledger.want({ run: false }))
  }

  /** Two stops at one moment are one. */
  stop(actor: Actor): Promise<RunState> {
    if (this.#stopping) return this.#stopping
    const cut = [...this.#starts]
    for (const start of cut) start.cut.abort()
    const onlyDebug = cut.length > 0 && cut.every(({ source }) => isDebug(source))
    const stopping = this.#queue.ask(() => this.#stop(actor, onlyDebug))
    this.#stopping = stopping
    const forget = () => {
      if (this.#stopping === stopping) this.#stopping = null
    }
    void stopping.then(forget, forget)
    return stopping
  }

  /** See CodeUse.removeUnused. */
  removeUnused(source: CodeSource, remove: () => Promise<void>): Promise<boolean> {
    return this.#queue.ask(async () => {
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
  async close(why: ClosedBy, actor: Actor = AGENT_ACTOR): Promise<void> {
    this.#queue.close(why)
    this.#recovery.cancelBackOff()
    for (const start of this.#starts) start.cut.abort()
    await this.#queue.add(() => this.#end(why, actor))
    await Promise.allSettled(this.#draining)
  }

  async forget(): Promise<void> {
    await this.#queue.add(() => this.#ledger.remove())
  }

  // ---- what people wish ----

  #asked(wish: Wish, work: (wish: Wish) => Promise<LiveRun>): Promise<StartResult> {
    // What is stopped from here on is stopped after this start.
    this.#stopping = null
    this.#starts.add(wish)
    const answer = this.#queue.ask(async () => {
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
    const read = await this.#readAhead(source)
    if (!isDebug(source)) {
      this.#recovery.begunByPerson()
      await this.#ledger.want({ run: true, source })
    }
    try {
      return await this.#launch({ ...wish, ...read })
    } catch (error) {
      if (this.#queue.closed) throw runsErrors.RUNS_SHUTTING_DOWN({}, { cause: error })
      const old = this.#liveStill()
      if (old && !isDebug(source)) await this.#ledger.want({ run: wanted.run, source: wanted.source })
      if (old) await this.#ledger.observe(runningAs(old))
      else if (wish.cut.signal.aborted || (isDebug(source) && this.#recovery.waits))
        await this.#ledger.observe(seen)
      else if (isDebug(source)) await this.#recovery.observeCrash(reasonOf(toAppError(error)))
      else await this.#recovery.fallBack(source, error)
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
    this.#recovery.cancelBackOff()
    if (run) await this.#ledger.want({ run: false })
    await this.#end('stop', actor)
    return this.state()
  }

  // ---- what happens of itself ----

  /** A run is over; if it is the one that runs and nobody ended it, that is dealt with. */
  async #over(run: LiveRun): Promise<void> {
    if (this.#live !== run) return
    this.#live = null
    if (!this.#queue.closed && !run.retired) await this.#recovery.ended(run)
  }

  /** The debug run gives way to the release that should run: booted before the debug run ends. */
  async #returnTo(source: CodeSource, end: { cause: RunEndCause; actor: Actor }): Promise<void> {
    const wish: Wish = { source, cause: 'return', actor: end.actor, cut: new AbortController() }
    this.#starts.add(wish)
    try {
      await this.#launch(wish, end)
    } catch (error) {
      await this.#end(end.cause, end.actor)
      if (!wish.cut.signal.aborted) await this.#recovery.fallBack(source, error)
    } finally {
      this.#starts.delete(wish)
    }
  }

  // ---- steps ----

  async #readAhead(source: CodeSource): Promise<ReadAhead> {
    const { pipeline, projects, jobs } = this.#deps
    const reads = [pipeline.runnable(this.projectId, source), projects.find(this.projectId)] as const
    const [code, project, marks] = await Promise.all([...reads, jobs.marks(this.projectId)])
    return { code, project, jobs: marks }
  }

  async #launch(wish: Wish, end?: { cause: RunEndCause; actor: Actor }): Promise<LiveRun> {
    const { source, cause, actor, cut, reason } = wish
    const project = wish.project ?? (await this.#deps.projects.find(this.projectId))
    if (!project) throw accessErrors.ACCESS_NO_PROJECT({ project: this.projectId })
    const code = wish.code ?? (await this.#deps.pipeline.runnable(this.projectId, source))
    const old = this.#liveStill()
    const previous = this.#ledger.observed.source
    const run = await this.#recovery.undisturbed(source, () =>
      launch(this.#deps, this.#ledger, {
        project,
        source,
        code,
        jobs: wish.jobs,
        cause,
        actor,
        old,
        quarantined: this.#recovery.quarantined(source),
        restarts: this.#recovery.restarts,
        signal: cut.signal,
        onOver: (run) => {
          // Drained, it ends beside what runs now; while the next one starts, its turn in the queue may be long in coming.
          if (run !== this.#live || this.#ledger.observed.state === 'starting') this.#ledger.tell()
          this.#queue.spontaneous(() => this.#over(run))
        },
      }),
    )
    this.#live = run
    this.#recovery.runs(run)
    const noted = Promise.all([
      this.#ledger.observe({ ...runningAs(run), reason: reason ?? run.quarantined }),
      this.#ledger.becameActive(run.runId),
      this.#noteRelease(run),
    ])
    if (old) this.#retire(old, end?.cause ?? 'replaced', end?.actor ?? actor)
    await noted
    // A rollback keeps the log of what failed.
    if (cause !== 'rollback') this.#clearLogsSoon(run, { previous, old })
    return run
  }

  /** Nobody who starts something waits for it. In the queue: a run that begins meanwhile would lose its log. */
  #clearLogsSoon(
    run: LiveRun,
    { previous, old }: { previous: CodeSource | null; old: LiveRun | null },
  ): void {
    const clear = () => this.#queue.spontaneous(() => this.#clearLogs(run, previous))
    clear()
    // As long as it drains it keeps its log.
    void old?.over.then(clear)
  }

  async #noteRelease({ source, tag }: LiveRun): Promise<void> {
    if (isDebug(source)) return
    const active = tag === 'stable' ? { activeRelease: source.release } : {}
    await this.#ledger.want({ run: true, source, lastGood: source.release, ...active })
  }

  async #clearLogs(run: LiveRun, previous: CodeSource | null): Promise<void> {
    if (this.#live !== run || this.#queue.closed === 'removed') return
    await clearOldLogs(this.#deps, this.projectId, { run, previous }).catch((error: unknown) => {
      this.#deps.logger.warn('old logs not cleared', { project: this.projectId, error: messageOf(error) })
    })
  }

  /** Ends what runs, and answers when it has ended. */
  async #end(cause: RunEndCause, actor: Actor): Promise<void> {
    const live = this.#liveStill()
    if (live) {
      await this.#ledger.observe({ ...runningAs(live), state: 'stopping' })
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
}
