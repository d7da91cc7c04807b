import type { Logger } from '@m3m/base'
import type { CodeSource } from '../pipeline/pipeline.schema.ts'
import type { Project, ProjectsService } from '../projects/projects.service.ts'
import type { ReadAhead } from './live-run.ts'
import { isDebug } from './live-run.ts'
import type { ActorDeps, RunActor } from './run-actor.ts'
import type { StoredState } from './runs.repo.ts'

export interface StartDesiredDeps extends Pick<ActorDeps, 'repo' | 'pipeline' | 'jobs' | 'supervisor'> {
  projects: Pick<ProjectsService, 'all'>
  logger: Logger
}

/** Boots at one moment when the agent starts: enough for two cores, few enough to keep the panel quick. */
const BOOTS_AT_ONCE = 8
/** What so many starts need is read at once. A release may have some megabytes, and those that wait are in memory. */
const READ_AT_ONCE = 16

interface Desired {
  project: Project
  run: RunActor
  source: CodeSource | null
  /** It is no longer expected: it answers now, or will not. */
  tried(): void
}

type ActorFor = (project: Project, stored: StoredState) => Promise<RunActor>

/** Starts all that should run. Answers when each has been tried. Never fails because one of them does. */
export async function startDesired(deps: StartDesiredDeps, actorFor: ActorFor): Promise<void> {
  const starts = readAhead(deps, await openDesired(deps, actorFor))
  const worker = async () => {
    // They share one reader: each takes the next start that nobody has taken.
    for await (const { desired, read } of starts) {
      const { project, run, source, tried } = desired
      await (project.settings.autoStart ? run.autostart({ ...read, source }) : run.forgetWish()).catch(
        (error: unknown) =>
          deps.logger.error('a desired run was not started', { project: project.id, error }),
      )
      tried()
    }
  }
  await Promise.all(Array.from({ length: BOOTS_AT_ONCE }, worker))
}

/** All states with two questions to the database, and an actor for each before anything else may happen. */
async function openDesired({ repo, projects, supervisor, logger }: StartDesiredDeps, actorFor: ActorFor) {
  const byId = new Map((await projects.all()).map((project) => [project.id, project]))
  const wanted = await repo.wanted()
  const opened = await Promise.allSettled(
    wanted.flatMap((stored) => {
      const project = byId.get(stored.desired._id)
      return project ? [openOne(project, stored)] : []
    }),
  )
  async function openOne(project: Project, stored: StoredState): Promise<Desired> {
    const { id: projectId, slug, settings } = project
    // Who asks for one of the last meanwhile waits for it, and does not ask again and again.
    const tried = settings.autoStart ? supervisor.expect({ projectId, slug }) : () => {}
    return { project, run: await actorFor(project, stored), source: stored.desired.source, tried }
  }
  return opened.flatMap((result) => {
    if (result.status === 'fulfilled') return [result.value]
    logger.error('a desired run was not started', { error: result.reason as unknown })
    return []
  })
}

/** In the order given, each with what its start needs. */
async function* readAhead(
  deps: StartDesiredDeps,
  all: readonly Desired[],
): AsyncGenerator<{ desired: Desired; read: ReadAhead }> {
  for (let from = 0; from < all.length; from += READ_AT_ONCE) {
    const group = all.slice(from, from + READ_AT_ONCE)
    const readOf = await readGroup(deps, group).catch((error: unknown) => {
      // Each reads for itself then, and is told if it cannot.
      deps.logger.warn('what services need to start could not be read at once', { error })
      return (): ReadAhead => ({})
    })
    for (const desired of group) yield { desired, read: readOf(desired.project.id) }
  }
}

async function readGroup({ pipeline, jobs }: StartDesiredDeps, group: readonly Desired[]) {
  const wanted = group.flatMap(({ project, source }) =>
    source && !isDebug(source) ? [{ projectId: project.id, version: source.release }] : [],
  )
  const [codes, marks] = await Promise.all([
    pipeline.runnableReleases(wanted),
    jobs.marksOf(group.map(({ project }) => project.id)),
  ])
  return (projectId: string): ReadAhead => {
    const code = codes.get(projectId)
    const read = marks.get(projectId)
    return { ...(code && { code }), ...(read && { jobs: read }) }
  }
}
