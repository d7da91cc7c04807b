import type { Clock, Logger } from '@m3m/base'
import { AppError, messageOf, newId } from '@m3m/base'
import type { Actor } from '../access/actor.schema.ts'
import type { CodeSource } from '../pipeline/pipeline.schema.ts'
import type { RunnableCode } from '../pipeline/pipeline.service.ts'
import type { Project } from '../projects/projects.service.ts'
import type { JobKeeper } from './job-keeper.port.ts'
import type { LiveRun } from './live-run.ts'
import { nameOf } from './live-run.ts'
import { keyOf, reasonOf } from './run-ledger.ts'
import type { RunLedger } from './run-ledger.ts'
import { runsErrors } from './runs.errors.ts'
import type { RunCause, RunEndCause, RunReason } from './runs.schema.ts'
import type { JobMarks, JobReport, RunLimits, RunSpec, Supervisor } from './supervisor.port.ts'

export interface LauncherDeps {
  supervisor: Supervisor
  jobs: JobKeeper
  clock: Clock
  logger: Logger
  /** Defaults of every project. */
  limits: RunLimits
  isolation: 'process' | 'shared'
  /** What every service may reach beside the open internet; asked at each start. */
  outboundAllow(): readonly string[]
  /** Whether a run with one of these plugins has a process of its own. */
  plugins: { needOwnProcess(names: readonly string[]): Promise<boolean> }
}

export interface Launch {
  project: Project
  source: CodeSource
  code: RunnableCode
  /** Read already; else they are read now. */
  jobs?: JobMarks | undefined
  cause: RunCause
  actor: Actor
  /** The run that goes on answering until the new one is there. */
  old: LiveRun | null
  /** Why this run has to be alone in its process; null when it need not. */
  quarantined: RunReason | null
  /** How often the project was started anew after crashes since a person started it, this start included. */
  restarts: number
  /** Cuts the start off. */
  signal: AbortSignal
  /** Called once, when the run is over and that is written down. */
  onOver(run: LiveRun): void
}

/**
 * Brings up one run: boot in standby, disarm the old one, activate. When anything fails the new run is over,
 * the old one is armed as before, and the reason is thrown.
 * @throws what the supervisor says; RUNS_SUPERSEDED when `signal` cut it off
 */
export async function launch(deps: LauncherDeps, ledger: RunLedger, plan: Launch): Promise<LiveRun> {
  const { source, code, signal } = plan
  const runId = newId(deps.clock.now())
  const { branch, tag } = code
  const startedByKey = keyOf(plan.actor)
  const fence = await ledger.begin({
    _id: runId,
    projectId: plan.project.id,
    source,
    branch,
    tag,
    cause: plan.cause,
    startedBy: plan.actor.userId,
    ...(startedByKey && { startedByKey }),
    restarts: plan.restarts,
  })
  const run = await boot(deps, ledger, { ...plan, runId, fence })
  try {
    await plan.old?.supervised.disarm().catch((error: unknown) => {
      deps.logger.warn('the old run could not be disarmed', {
        runId: plan.old?.runId,
        error: messageOf(error),
      })
    })
    if (signal.aborted) throw runsErrors.RUNS_SUPERSEDED({ source: nameOf(source) })
    await run.supervised.activate()
    if (signal.aborted) throw runsErrors.RUNS_SUPERSEDED({ source: nameOf(source) })
  } catch (error) {
    run.retired ??= signal.aborted
      ? { cause: 'stop', by: null }
      : { cause: 'boot-failed', by: plan.actor, reason: reasonOf(toAppError(error)) }
    await run.supervised.kill()
    await run.over
    if (plan.old && !plan.old.end) await plan.old.supervised.rearm()
    throw signal.aborted ? runsErrors.RUNS_SUPERSEDED({ source: nameOf(source) }, { cause: error }) : error
  }
  run.active = true
  return run
}

async function boot(
  deps: LauncherDeps,
  ledger: RunLedger,
  plan: Launch & { runId: string; fence: number },
): Promise<LiveRun> {
  const { runId, source, code, signal, actor } = plan
  try {
    signal.throwIfAborted()
    const jobs = plan.jobs ?? (await deps.jobs.marks(plan.project.id))
    const supervised = await deps.supervisor.boot(
      { ...(await specOf(deps, plan)), jobs },
      { signal, onJobs: keeping(deps, plan) },
    )
    const run: LiveRun = {
      runId,
      source,
      branch: code.branch,
      tag: code.tag,
      supervised,
      quarantined: plan.quarantined,
      active: false,
      retired: null,
      end: null,
      over: Promise.resolve(),
    }
    run.over = watchEnd(deps, ledger, run, plan)
    if (signal.aborted) {
      run.retired = { cause: 'stop', by: null }
      await supervised.kill()
      await run.over
      throw runsErrors.RUNS_SUPERSEDED({ source: nameOf(source) })
    }
    // Once it is active it is ended as any run is: drained, with its shutdown callbacks.
    signal.addEventListener('abort', () => void (run.active || supervised.kill()), { once: true })
    return run
  } catch (error) {
    if (signal.aborted) {
      await ledger.end(runId, 'stop')
      throw runsErrors.RUNS_SUPERSEDED({ source: nameOf(source) }, { cause: error })
    }
    const failure = toAppError(error)
    const displaced = failure.code === 'RUN_DISPLACED' || failure.code === 'RUN_SUSPECTED'
    await ledger.end(runId, displaced ? 'displaced' : 'boot-failed', { by: actor, reason: reasonOf(failure) })
    throw error
  }
}

/** Writes down the end of a run, whatever ended it. */
async function watchEnd(
  { jobs }: LauncherDeps,
  ledger: RunLedger,
  run: LiveRun,
  { project, onOver }: Launch,
): Promise<void> {
  const end = await run.supervised.ended
  run.end = end
  const crash = end.kind !== 'stopped' ? end.error : runsErrors.RUNS_ENDED_ITSELF({})
  const cause = run.retired?.cause ?? causeOf(run)
  const reason = run.retired ? (run.retired.reason ?? null) : reasonOf(crash)
  await ledger.end(run.runId, cause, {
    by: run.retired?.by ?? null,
    reason,
    limits: run.supervised.limitHits,
  })
  await jobs.runEnded({ projectId: project.id, runId: run.runId })
  onOver(run)
}

function causeOf({ active, end }: LiveRun): RunEndCause {
  if (end?.kind === 'displaced') return 'displaced'
  return active ? 'crash' : 'boot-failed'
}

/** What the run tells of its jobs goes to who keeps it. */
function keeping({ jobs }: LauncherDeps, { project, runId, source, code }: Launch & { runId: string }) {
  const run = { projectId: project.id, runId, source, branch: code.branch }
  return (report: JobReport) => jobs.report(run, report)
}

async function specOf(deps: LauncherDeps, plan: Launch & { runId: string; fence: number }): Promise<RunSpec> {
  const { project, source, code, runId, fence } = plan
  const { plugins } = project.settings
  return {
    runId,
    projectId: project.id,
    slug: project.slug,
    projectName: project.name,
    source,
    branch: code.branch,
    tag: code.tag,
    files: code.files,
    entry: code.entry,
    limits: limitsOf(deps.limits, project),
    isolation: plan.quarantined ? 'process' : isolationOf(deps, plan),
    nativePlugins: plugins.length > 0 && (await deps.plugins.needOwnProcess(plugins)),
    ...(plugins.length > 0 && { plugins }),
    fence,
    ...(plan.quarantined && { notice: plan.quarantined.message }),
    outbound: {
      allow: [...new Set([...deps.outboundAllow(), ...project.settings.outbound.allow])],
      hosts: project.settings.outbound.hosts,
    },
  }
}

function isolationOf({ isolation }: LauncherDeps, { project, source }: Launch): 'process' | 'shared' {
  if ('branch' in source) return 'process'
  const { isolation: own = 'default' } = project.settings
  return own === 'default' ? isolation : own
}

function limitsOf(defaults: RunLimits, { settings }: Project): RunLimits {
  const set = Object.entries(settings.limits).filter(([, value]) => value !== undefined)
  return { ...defaults, ...(Object.fromEntries(set) as Partial<RunLimits>) }
}

/** What was thrown, as an error with a code. Anything unknown is the host's fault: worth another try. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError({
    code: 'RUNS_START_FAILED',
    blame: 'host',
    status: 500,
    message: `The run could not be started: ${messageOf(error)}.`,
    cause: error,
  })
}
