import type { Logger } from '@m3m/base'
import type { z } from 'zod'
import { accessErrors } from '../access/access.errors.ts'
import type { Actor, ActorRef, SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { CodeUse } from '../pipeline/code-use.port.ts'
import type { CodeSource } from '../pipeline/pipeline.schema.ts'
import type { Project, ProjectsService } from '../projects/projects.service.ts'
import type { UsersService } from '../users/users.service.ts'
import { nameOf } from './live-run.ts'
import type { ActorDeps } from './run-actor.ts'
import { RunActor } from './run-actor.ts'
import { RunLedger } from './run-ledger.ts'
import { startDesired } from './start-desired.ts'
import type { LogPage } from './run-logs.port.ts'
import { parseResume, tailLatest, tailRun } from './run-tail.ts'
import { runsErrors } from './runs.errors.ts'
import type { KeyOfRun, RunDoc, StoredState } from './runs.repo.ts'
import type {
  RunHistoryEntry,
  RunState,
  StartResult,
  runHistoryInput,
  runLogsInput,
  tailInput,
  ResumableChunk,
} from './runs.schema.ts'
import { createHub } from '../../hub.ts'
import type { Hub } from '../../hub.ts'

/** The one owner of what runs. Transitions of a project are serialised; what is asked twice happens once. */
export interface RunsService extends AsyncDisposable {
  /**
   * Answers when the run is active. A release that runs already is not started again.
   * @throws the run's own error with `position` when it cannot boot; RUNS_SUPERSEDED when a stop came between;
   *   PIPELINE_NO_RELEASE, PIPELINE_NO_BRANCH, PIPELINE_NO_ENTRY
   */
  start(actor: Actor, projectId: string, source: CodeSource): Promise<StartResult>
  /** Answers when nothing runs. Stopping a debug run brings the desired release back. */
  stop(actor: Actor, projectId: string): Promise<RunState>
  /** The same source again, with the code as it is now. @throws RUNS_NOTHING_TO_RESTART */
  restart(actor: Actor, projectId: string): Promise<StartResult>
  state(projectId: string): Promise<RunState>
  /** Of every project the one who asks may see. */
  states(actor: SignedIn): Promise<RunState[]>
  history(input: z.output<typeof runHistoryInput>): Promise<RunHistoryEntry[]>
  /** `runId` is `null`, and the page empty, while nothing has run. @throws RUNS_NO_RUN */
  logs(input: z.output<typeof runLogsInput>): Promise<LogPage & { runId: string | null }>
  /** The state now, then each change. Ends with `until`, and when the project is removed. */
  watch(projectId: string, until: AbortSignal): AsyncIterable<RunState>
  watchAll(actor: SignedIn, until: AbortSignal): AsyncIterable<RunState>
  /** @throws RUNS_NO_RUN */
  tail(query: z.output<typeof tailInput>, until: AbortSignal): AsyncIterable<ResumableChunk>
  /** Whether a run belongs to a project; `null` for the latest run of it. @throws RUNS_NO_RUN */
  runOf(projectId: string, runId: string | null): Promise<string | null>
  /** Tells the live run that its models or variables changed. */
  invalidate(projectId: string, what: 'models' | 'env'): void
  /** Told of every change, for the agent's own use (its front, alerts). */
  onChange(listener: (state: RunState) => void): () => void
  /** The runs that are alive now, one a project at most. */
  live(): Promise<{ projectId: string; runId: string }[]>
  /** Told of every restart after a crash. */
  onRestart(listener: (projectId: string) => void): () => void
  /** What the pipeline asks before it removes code. */
  readonly codeUse: CodeUse
  /** Writes down what a killed agent left open. Called once, before anything starts. */
  recover(): Promise<void>
  /** Starts all that should run. Answers when each has been tried. */
  startDesired(): Promise<void>
}

export interface RunsDeps extends Omit<ActorDeps, 'projects' | 'onRestart'> {
  projects: ProjectsService
  users: Pick<UsersService, 'names'>
  audit: AuditService
  logger: Logger
}

export function createRuns(deps: RunsDeps): RunsService {
  const registry = createRegistry(deps)
  const { actorOf, actors, all, restarts } = registry

  return {
    ...createReading(deps, registry),
    async start(actor, projectId, source) {
      const result = await (await actorOf(projectId)).start(actor, source)
      await deps.audit.add(actor, {
        action: 'runs.start',
        projectId,
        target: nameOf(source),
        after: { runId: result.runId },
      })
      return result
    },
    async stop(actor, projectId) {
      const state = await (await actorOf(projectId)).stop(actor)
      await deps.audit.add(actor, { action: 'runs.stop', projectId })
      return state
    },
    async restart(actor, projectId) {
      const result = await (await actorOf(projectId)).restart(actor)
      await deps.audit.add(actor, { action: 'runs.restart', projectId, target: nameOf(result.source) })
      return result
    },
    invalidate: (projectId, what) => void actors.get(projectId)?.then((run) => run.invalidate(what)),
    onChange: (listener) => all.listen(listener),
    async live() {
      const opened = await Promise.all(actors.values())
      return opened.flatMap((run) =>
        run.liveRunId ? [{ projectId: run.projectId, runId: run.liveRunId }] : [],
      )
    },
    onRestart: (listener) => restarts.listen(listener),
    codeUse: {
      live: async (projectId) => (await actorOf(projectId)).liveSource(),
      removeUnused: async (projectId, source, remove) =>
        (await actorOf(projectId)).removeUnused(source, remove),
    },
    async recover() {
      await Promise.all([deps.repo.history.endOpen(new Date(deps.clock.now())), deps.jobs.recover()])
    },
    startDesired: () => startDesired(deps, registry.actorFor),
    [Symbol.asyncDispose]: registry.close,
  }
}

/** The actors, one a project, and who listens to them. */
function createRegistry(deps: RunsDeps) {
  const actors = new Map<string, Promise<RunActor>>()
  const hubs = new Map<string, Hub<RunState>>()
  // Of fifty services that start at once, a slow window misses none: it is told the newest of each.
  const all = createHub<RunState>(({ projectId }) => projectId)
  const restarts = createHub<string>()
  let closing = false

  function hubOf(projectId: string): Hub<RunState> {
    let hub = hubs.get(projectId)
    if (!hub) hubs.set(projectId, (hub = createHub<RunState>()))
    return hub
  }

  async function open(project: Project, stored?: StoredState): Promise<RunActor> {
    const publish = (state: RunState) => {
      hubOf(project.id).publish(state)
      all.publish(state)
    }
    const ledger = await RunLedger.open({ ...deps, publish }, project, stored)
    return new RunActor({ ...deps, onRestart: restarts.publish }, project.id, ledger)
  }

  async function actorOf(projectId: string): Promise<RunActor> {
    if (closing) throw runsErrors.RUNS_SHUTTING_DOWN({})
    const known = actors.get(projectId)
    if (known) return known
    const project = await deps.projects.find(projectId)
    if (!project) throw accessErrors.ACCESS_NO_PROJECT({ project: projectId })
    return actorFor(project)
  }

  /** @param stored read a moment ago, and not changed since: only actors change it */
  function actorFor(project: Project, stored?: StoredState): Promise<RunActor> {
    if (closing) throw runsErrors.RUNS_SHUTTING_DOWN({})
    const known = actors.get(project.id)
    if (known) return known
    const opened = open(project, stored)
    actors.set(project.id, opened)
    opened.catch(() => actors.delete(project.id))
    return opened
  }

  deps.projects.onRemove(async (project, actor) => {
    const run = await (actors.get(project.id) ?? open(project))
    await run.close('removed', actor)
    await deps.runLogs.removeProject(project.id)
    await deps.jobs.removeProject(project.id)
    await run.forget()
    hubs.get(project.id)?.close()
    hubs.delete(project.id)
    actors.delete(project.id)
  })

  // A run carries the slug its routes are found by: under a new one it is a new run, switched to without a gap.
  deps.projects.onChange((project, before) => {
    if (project.slug === before.slug) return
    const renamed = actors.get(project.id)?.then((run) => run.renamed())
    renamed?.catch((error: unknown) => {
      deps.logger.error('a run did not follow its new slug', { project: project.id, error })
    })
  })

  async function close(): Promise<void> {
    closing = true
    await Promise.allSettled([...actors.values()].map(async (run) => (await run).close('agent-stop')))
    all.close()
    for (const hub of hubs.values()) hub.close()
  }

  return { actors, all, restarts, hubOf, actorOf, actorFor, close }
}

type Registry = ReturnType<typeof createRegistry>

type Reading = Pick<
  RunsService,
  'state' | 'states' | 'history' | 'logs' | 'watch' | 'watchAll' | 'tail' | 'runOf'
>

function createReading(deps: RunsDeps, { actorOf, all, hubOf }: Registry): Reading {
  const { repo, runLogs, projects, users } = deps

  const state = async (projectId: string) => (await actorOf(projectId)).state()

  async function runOf(projectId: string, runId: string | null): Promise<string | null> {
    const run = await (runId ? repo.history.find(projectId, runId) : repo.history.latest(projectId))
    if (runId && !run) throw runsErrors.RUNS_NO_RUN({ runId })
    return run?._id ?? null
  }

  async function states(actor: SignedIn): Promise<RunState[]> {
    const visible = await projects.list(actor)
    return Promise.all(visible.map(({ id }) => state(id)))
  }

  return {
    state,
    states,
    runOf,
    async history({ projectId, limit, before }) {
      const last = before ? await repo.history.find(projectId, before) : null
      const docs = await repo.history.list(projectId, { limit, before: last })
      const names = await users.names(docs.flatMap(({ startedBy, endedBy }) => [startedBy, endedBy]))
      return docs.map((doc) => toEntry(doc, names))
    },
    async logs({ projectId, runId: wanted, direction, limit, cursor, level, search }) {
      const runId = await runOf(projectId, wanted ?? null)
      if (!runId) return { runId, lines: [] }
      const more = { ...(cursor && { cursor }), ...(level && { level }), ...(search && { search }) }
      return { runId, ...(await runLogs.page({ projectId, runId, direction, limit, ...more })) }
    },
    async *watch(projectId, until) {
      yield* hubOf(projectId).watch(until, async () => [await state(projectId)])
    },
    async *watchAll(actor, until) {
      for await (const seen of all.watch(until, () => states(actor))) {
        if (await mayStillSee(deps, actor, seen.projectId)) yield seen
      }
    },
    async *tail({ projectId, runId, cursor, lastEventId }, until) {
      const resume = parseResume(lastEventId)
      const plan = { runLogs, projectId, until }
      if (runId) {
        await runOf(projectId, runId)
        return yield* tailRun(plan, runId, resume ? { after: resume.cursor } : { cursor })
      }
      const latest = await runOf(projectId, null)
      // A connection that was lost during one run and is back in the next reads that one from its start.
      const lost = resume && (resume.runId === latest ? { after: resume.cursor } : { cursor: '0' })
      yield* tailLatest({ ...plan, hub: hubOf(projectId), latest }, lost ?? { cursor })
    },
  }
}

async function mayStillSee({ projects }: RunsDeps, actor: SignedIn, projectId: string): Promise<boolean> {
  return projects.get(actor, { projectId }).then(
    () => true,
    () => false,
  )
}

type Names = ReadonlyMap<string, { id: string; name: string }>

function refOf(userId: string | null, key: KeyOfRun | undefined, names: Names): ActorRef | null {
  if (key) return { ...key, apiKey: true }
  return (userId !== null && names.get(userId)) || null
}

function toEntry(doc: RunDoc, names: Names): RunHistoryEntry {
  return {
    id: doc._id,
    runId: doc._id,
    source: doc.source,
    branch: doc.branch,
    tag: doc.tag,
    cause: doc.cause,
    restarts: doc.restarts ?? 0,
    startedBy: refOf(doc.startedBy, doc.startedByKey, names),
    startedAt: doc.startedAt.toISOString(),
    activeAt: doc.activeAt?.toISOString() ?? null,
    endedAt: doc.endedAt?.toISOString() ?? null,
    endCause: doc.endCause,
    endedBy: refOf(doc.endedBy, doc.endedByKey, names),
    ...(doc.reason && { reason: doc.reason }),
    ...(doc.limits && { limits: doc.limits }),
  }
}
