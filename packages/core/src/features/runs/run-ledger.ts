import type { Clock, Logger, ErrorParams, SourcePosition } from '@m3m/base'
import type { Actor } from '../access/actor.schema.ts'
import type { CodeSource } from '../pipeline/pipeline.schema.ts'
import { sameSource } from './live-run.ts'
import type { Suspicion } from './run-quarantine.ts'
import { runsErrors } from './runs.errors.ts'
import type { DesiredDoc, KeyOfRun, ObservedDoc, RunDoc, RunsRepo, StoredState } from './runs.repo.ts'
import type { RunEndCause, RunReason, RunState } from './runs.schema.ts'

export interface LedgerDeps {
  repo: RunsRepo
  clock: Clock
  logger: Logger
  publish(state: RunState): void
}

/** What is observed of a project, but for what the ledger itself knows. */
export type Observation = Pick<ObservedDoc, 'state' | 'source' | 'branch' | 'tag' | 'runId'> &
  Partial<Pick<ObservedDoc, 'conditions' | 'reason' | 'nextStartAt'>>

/** The history is cut to its length once so many starts. */
const PRUNE_EVERY = 25

/** Desired and observed state of one project: in memory, in the database and told to whoever watches, in this order. */
export class RunLedger {
  readonly #deps: LedgerDeps
  #desired: DesiredDoc
  #observed: ObservedDoc
  #live: () => CodeSource | null = () => null

  private constructor(deps: LedgerDeps, desired: DesiredDoc, observed: ObservedDoc) {
    this.#deps = deps
    this.#desired = desired
    this.#observed = observed
  }

  /**
   * Reads the project's state, unless it was read already. What the database calls running was running in an agent that is
   * no more.
   */
  static async open(
    deps: LedgerDeps,
    { id, createdAt }: { id: string; createdAt: Date },
    stored?: StoredState,
  ): Promise<RunLedger> {
    const [desired, observed] = stored
      ? [stored.desired, stored.observed]
      : await Promise.all([deps.repo.desired(id), deps.repo.observed(id)])
    const ledger = new RunLedger(
      deps,
      desired ?? { _id: id, run: false, source: null, activeRelease: null, lastGood: null },
      { ...nothingYet(id, createdAt), ...observed },
    )
    if (['starting', 'running', 'stopping'].includes(ledger.#observed.state)) {
      const { code, message } = runsErrors.RUNS_AGENT_KILLED({})
      await ledger.observe({ ...ledger.#observed, state: 'stopped', reason: { code, message } })
    }
    return ledger
  }

  /** Who knows what works now; every state tells of it. */
  follows(live: () => CodeSource | null): void {
    this.#live = live
  }

  get desired(): Readonly<DesiredDoc> {
    return this.#desired
  }

  get observed(): Readonly<ObservedDoc> {
    return this.#observed
  }

  /** What is known of a version that ended a process it shared. */
  get suspicion(): Suspicion | null {
    return this.#observed.suspicion ?? null
  }

  /** Never fails: what cannot be written is known until the agent ends. */
  async suspect(suspicion: Suspicion | null): Promise<void> {
    this.#observed = { ...this.#observed, suspicion }
    await this.#saveObserved()
  }

  state(): RunState {
    const { state, source, branch, tag, since, runId, conditions, reason, nextStartAt } = this.#observed
    return {
      projectId: this.#desired._id,
      desired: { run: this.#desired.run, source: this.#desired.source },
      observed: {
        state,
        source,
        branch,
        ...(tag && { tag }),
        since: since.toISOString(),
        runId,
        conditions,
        ...(reason && { reason }),
        ...(nextStartAt && { nextStartAt: nextStartAt.toISOString() }),
      },
      live: this.#live(),
      activeRelease: this.#desired.activeRelease,
    }
  }

  /** Says again what is so. */
  tell(): void {
    this.#deps.publish(this.state())
  }

  /** Writes first, where there is something to write: a wish that could not be kept is refused. */
  async want(change: Partial<Omit<DesiredDoc, '_id'>>): Promise<void> {
    const next = { ...this.#desired, ...change }
    if (!sameWish(next, this.#desired)) await this.#deps.repo.saveDesired(next)
    this.#desired = next
    this.tell()
  }

  /** Tells first: what is seen is true whether or not the database hears of it. */
  async observe(seen: Observation): Promise<void> {
    this.#see(seen)
    await this.#saveObserved()
  }

  async #saveObserved(): Promise<void> {
    const { _id: project, state } = this.#observed
    await this.#deps.repo.saveObserved(this.#observed).catch((error: unknown) => {
      this.#deps.logger.error('observed state not written', { project, state, error })
    })
  }

  #see(seen: Observation): void {
    const before = this.#observed
    const changed = before.state !== seen.state || before.runId !== seen.runId
    this.#observed = {
      _id: before._id,
      fence: before.fence,
      suspicion: before.suspicion ?? null,
      state: seen.state,
      source: seen.source,
      branch: seen.branch,
      tag: seen.tag,
      runId: seen.runId,
      conditions: seen.conditions ?? [],
      reason: seen.reason ?? null,
      nextStartAt: seen.nextStartAt ?? null,
      since: changed ? new Date(this.#deps.clock.now()) : before.since,
    }
    this.tell()
  }

  /** Numbers and notes a run that is about to boot, which is `starting` from here on. */
  async begin(
    run: Omit<RunDoc, 'fence' | 'startedAt' | 'activeAt' | 'endedAt' | 'endCause' | 'endedBy' | 'reason'>,
  ): Promise<number> {
    const { repo, clock } = this.#deps
    const { _id: runId, source, branch, tag } = run
    this.#see({ state: 'starting', source, branch, tag, runId })
    const fence = await repo.nextFence(this.#observed)
    this.#observed = { ...this.#observed, fence }
    await repo.history.add({
      ...run,
      fence,
      startedAt: new Date(clock.now()),
      activeAt: null,
      endedAt: null,
      endCause: null,
      endedBy: null,
      reason: null,
    })
    if (fence % PRUNE_EVERY === 0) await repo.history.prune(this.#desired._id)
    return fence
  }

  /** Never fails: the run works in any case. */
  async becameActive(runId: string): Promise<void> {
    const { repo, clock, logger } = this.#deps
    await repo.history.active(runId, new Date(clock.now())).catch((error: unknown) => {
      logger.error('activation of a run not written', { runId, error })
    })
  }

  /** Never fails: the run is over in any case. */
  async end(
    runId: string,
    cause: RunEndCause,
    more: { by?: Actor | null; reason?: RunReason | null; limits?: Readonly<Record<string, number>> } = {},
  ) {
    const endedAt = new Date(this.#deps.clock.now())
    const endedByKey = more.by ? keyOf(more.by) : null
    await this.#deps.repo.history
      .end(runId, {
        endedAt,
        endCause: cause,
        endedBy: more.by?.userId ?? null,
        ...(endedByKey && { endedByKey }),
        reason: more.reason ?? null,
        ...(more.limits && Object.keys(more.limits).length > 0 && { limits: more.limits }),
      })
      .catch((error: unknown) => this.#deps.logger.error('end of a run not written', { runId, cause, error }))
  }

  async remove(): Promise<void> {
    await this.#deps.repo.removeProject(this.#desired._id)
  }
}

/** The key of a program; `null` for a person and for the agent. */
export function keyOf({ apiKeyId, name }: Actor): KeyOfRun | null {
  return apiKeyId === undefined ? null : { id: apiKeyId, name }
}

function nothingYet(projectId: string, createdAt: Date): ObservedDoc {
  return {
    _id: projectId,
    fence: 0,
    state: 'stopped',
    source: null,
    branch: null,
    tag: null,
    since: createdAt,
    runId: null,
    conditions: [],
    reason: null,
    nextStartAt: null,
  }
}

/** Nothing beside the state. */
export const QUIET = { conditions: [], reason: null, nextStartAt: null }

/** What people are shown of an error. */
export function reasonOf(error: {
  code: string
  message: string
  params?: ErrorParams | undefined
  position?: SourcePosition | undefined
}): RunReason {
  const { code, message, params, position } = error
  return { code, message, ...(params && { params }), ...(position && { position }) }
}

function sameWish(a: DesiredDoc, b: DesiredDoc): boolean {
  const isSameCode = a.source === b.source || sameSource(a.source, b.source)
  return isSameCode && a.run === b.run && a.activeRelease === b.activeRelease && a.lastGood === b.lastGood
}
