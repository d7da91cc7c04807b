import type { AppError, Clock } from '@m3m/base'
import { AGENT_ACTOR } from '../access/actor.schema.ts'
import type { CodeSource } from '../pipeline/pipeline.schema.ts'
import type { ProjectsService } from '../projects/projects.service.ts'
import type { LiveRun, ReadAhead, Start, Wish } from './live-run.ts'
import { isDebug, runningAs, sameSource } from './live-run.ts'
import type { Quarantine } from './run-quarantine.ts'
import { createQuarantine } from './run-quarantine.ts'
import type { RestartPolicy } from './restart-policy.ts'
import { createRestartPolicy } from './restart-policy.ts'
import { toAppError } from './run-launcher.ts'
import type { Observation, RunLedger } from './run-ledger.ts'
import { QUIET, reasonOf } from './run-ledger.ts'
import type { RunQueue } from './run-queue.ts'
import { runsErrors } from './runs.errors.ts'
import type { RunCause, RunReason } from './runs.schema.ts'

export interface RecoveryDeps {
  projectId: string
  clock: Clock
  projects: Pick<ProjectsService, 'find'>
  ledger: RunLedger
  queue: RunQueue
  /** Starts that are asked for or under way: a stop cuts them off. */
  starts: Set<Start>
  /** What runs and has not ended. */
  live(): LiveRun | null
  launch(wish: Wish): Promise<LiveRun>
  /** Told of every restart after a crash. */
  onRestart(projectId: string): void
}

/** Boots that a neighbour brought down, before the start is given up for now. */
const MAX_DISPLACED = 3

/** What happens to a project's runs without anybody asking: restarts, rollbacks, moves to another process. */
export class RunRecovery {
  readonly #deps: RecoveryDeps
  readonly #policy: RestartPolicy
  readonly #quarantine: Quarantine
  #cancelRetry: (() => void) | null = null
  #restarts = 0

  constructor(deps: RecoveryDeps) {
    this.#deps = deps
    this.#policy = createRestartPolicy(deps.clock)
    const { clock, ledger } = deps
    this.#quarantine = createQuarantine({
      clock,
      known: ledger.suspicion,
      keep: (suspicion) => void ledger.suspect(suspicion),
    })
  }

  /** After crashes, since a person started it. */
  get restarts(): number {
    return this.#restarts
  }

  /** The next restart waits for its time. */
  get waits(): boolean {
    return this.#cancelRetry !== null
  }

  /** Why this version has a process of its own; null when it need not. */
  quarantined(source: CodeSource): RunReason | null {
    return this.#quarantine.reasonFor(source)
  }

  /** A person started it: the count of restarts begins afresh. */
  begunByPerson(): void {
    this.cancelBackOff()
    this.#policy.reset()
    this.#restarts = 0
  }

  cancelBackOff(): void {
    this.#cancelRetry?.()
    this.#cancelRetry = null
  }

  /** A run works: what was waited for is not any more; a quarantine runs off, or has lost its reason. */
  runs(run: LiveRun): void {
    this.cancelBackOff()
    if (!isDebug(run.source) && !run.quarantined) this.#quarantine.shares(run.source)
    if (run.quarantined) this.#quarantine.watch(() => this.#deps.queue.spontaneous(() => this.#share(run)))
  }

  /** A run that nobody ended is over. */
  async ended(run: LiveRun): Promise<void> {
    const { source, end } = run
    if (run.quarantined) this.#quarantine.pause()
    if (end?.kind === 'displaced') return await this.#displaced(run, reasonOf(end.error), end)
    const reason = reasonOf(end?.kind === 'crashed' ? end.error : runsErrors.RUNS_ENDED_ITSELF({}))
    const { run: wanted, source: release } = this.#deps.ledger.desired
    if (!isDebug(source)) await this.#backOff(reason)
    else if (wanted && release) await this.again('return', release, { reason })
    else await this.observeCrash(reason)
  }

  /** Starts what is desired, without anybody asking; whatever fails is dealt with here. */
  async again(
    cause: RunCause,
    source: CodeSource,
    more: ReadAhead & { reason?: RunReason } = {},
  ): Promise<void> {
    const { queue, live, starts, launch } = this.#deps
    if (queue.closed || live()) return
    if (cause === 'crash-restart') this.#madeRestart()
    const cut = new AbortController()
    const wish: Wish = { source, cause, actor: AGENT_ACTOR, cut, ...more }
    starts.add(wish)
    try {
      await launch(wish)
    } catch (error) {
      if (!cut.signal.aborted) await this.fallBack(source, error)
    } finally {
      starts.delete(wish)
    }
  }

  /**
   * Boots until no neighbour is in the way: a boot that was brought down with others is tried again at once, and one that
   * is suspected of it is tried alone.
   */
  async undisturbed<T>(source: CodeSource, boot: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await boot()
      } catch (error) {
        const { code, message } = toAppError(error)
        const suspected = code === 'RUN_SUSPECTED' && !this.quarantined(source)
        if (suspected) this.#quarantine.begin(source, { code, message })
        else if (code !== 'RUN_DISPLACED' || tries >= MAX_DISPLACED) throw error
      }
    }
  }

  /** Nothing runs and the release could not be started: try later, or the last good one, or nothing more. */
  async fallBack(source: CodeSource, error: unknown): Promise<void> {
    const { ledger, projects, projectId } = this.#deps
    const failure: AppError = toAppError(error)
    if (failure.blame !== 'user') return this.#backOff(reasonOf(failure))
    await this.observeCrash(reasonOf(failure))
    const { lastGood } = ledger.desired
    const project = await projects.find(projectId)
    if (!project?.settings.rollback || !lastGood || sameSource(source, { release: lastGood })) return
    await ledger.want({ source: { release: lastGood } })
    await this.again('rollback', { release: lastGood }, { reason: reasonOf(failure) })
  }

  async observeCrash(reason: RunReason, more: Partial<Observation> = {}): Promise<void> {
    const { ledger } = this.#deps
    await ledger.observe({ ...ledger.observed, state: 'crashed', ...QUIET, reason, ...more })
  }

  /** Its shared process ended. The innocent goes on in another one at once; a suspect goes on alone. Neither has crashed. */
  async #displaced(
    { source }: LiveRun,
    reason: RunReason,
    { suspect, named }: { suspect: boolean; named?: boolean },
  ): Promise<void> {
    if (!suspect) return await this.again('relocated', source)
    this.#quarantine.begin(source, reason, named)
    await this.again('quarantined', source, { reason })
  }

  /** Ten clean minutes: it may share a process again. It goes on where it is when that fails. */
  async #share(run: LiveRun): Promise<void> {
    const { queue, live, starts, launch, ledger } = this.#deps
    if (queue.closed || live() !== run) return
    const reason = run.quarantined
    this.#quarantine.release()
    const cut = new AbortController()
    const wish: Wish = { source: run.source, cause: 'relocated', actor: AGENT_ACTOR, cut }
    starts.add(wish)
    try {
      await launch(wish)
    } catch {
      if (live() !== run || !reason) return
      this.#quarantine.resume()
      this.runs(run)
      await ledger.observe(runningAs(run))
    } finally {
      starts.delete(wish)
    }
  }

  #madeRestart(): void {
    this.#policy.made()
    this.#restarts++
    this.#deps.onRestart(this.#deps.projectId)
  }

  async #backOff(reason: RunReason): Promise<void> {
    const { clock, queue, ledger } = this.#deps
    const { atMs, limited } = this.#policy.next()
    this.cancelBackOff()
    this.#cancelRetry = clock.after(atMs - clock.now(), () => {
      this.#cancelRetry = null
      queue.spontaneous(async () => {
        const { run, source } = ledger.desired
        if (run && source) await this.again('crash-restart', source)
      })
    })
    const alone = ledger.observed.source && this.quarantined(ledger.observed.source)
    await this.observeCrash(reason, {
      conditions: [
        'backing-off',
        ...(limited ? ['limited' as const] : []),
        ...(alone ? ['quarantined' as const] : []),
      ],
      nextStartAt: new Date(atMs),
    })
  }
}
