import type { Logger } from '@m3m/base'
import { goalErrors } from '@m3m/data'
import type { DataEngine, GoalProject } from '@m3m/data'
import type { Goal, GoalStats } from '@m3m/data/schema'
import type { z } from 'zod'
import { accessErrors } from '../access/access.errors.ts'
import type { AccessService } from '../access/access.service.ts'
import type { Operator, SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { ProjectsService } from '../projects/projects.service.ts'
import type { GoalView, createGoalInput, goalStatsInput, updateGoalInput } from './goals.schema.ts'

/** Counters of projects, and global ones; the counting is in @m3m/data, which services do themselves. */
export interface GoalsService {
  /** Of a project; without one the global ones: all for user managers, else those that one's projects may write. */
  list(actor: SignedIn, projectId?: string): Promise<GoalView[]>
  create(actor: SignedIn, input: z.output<typeof createGoalInput>): Promise<GoalView>
  update(actor: SignedIn, input: z.output<typeof updateGoalInput>): Promise<GoalView>
  /** With all it counted. */
  remove(actor: SignedIn, goalId: string): Promise<void>
  /** Forgets all it counted. */
  reset(actor: SignedIn, goalId: string): Promise<void>
  /** By project only for projects one may see; the sum of a goal is for everybody who sees the goal. */
  stats(actor: SignedIn, query: z.output<typeof goalStatsInput>): Promise<GoalStats[]>
  /** The project of a goal, `null` for a global one. For the authorisation layer. @throws GOAL_NOT_FOUND */
  projectOf(goalId: string): Promise<string | null>
}

export interface GoalsDeps {
  data: DataEngine
  access: AccessService
  projects: ProjectsService
  audit: AuditService
  logger: Logger
}

export function createGoals(deps: GoalsDeps): GoalsService {
  const { data, access, audit } = deps
  followSlugs(deps)

  return {
    async list(actor, projectId) {
      const goals = await data.goals.list(projectId ?? null)
      return views(deps, projectId ? goals : await visibleGlobals(deps, actor.user, goals))
    },
    async create(actor, { projectId, ...input }) {
      const project = projectId ? await projectFor(deps, projectId) : null
      if (!project) await demandVisible(access, actor.user, input.projects)
      const goal = await data.goals.create(project, input)
      await audit.add(actor, { action: 'goals.create', projectId: goal.projectId, target: goal.slug })
      return (await views(deps, [goal]))[0]!
    },
    async update(actor, { goalId, ...changes }) {
      const before = await data.goals.get(goalId)
      const project = before.projectId ? await projectFor(deps, before.projectId) : null
      if (!project) await demandVisible(access, actor.user, changes.projects)
      const goal = await data.goals.update(
        goalId,
        await withHidden(deps, actor.user, before, changes),
        project,
      )
      await audit.add(actor, {
        action: 'goals.update',
        projectId: goal.projectId,
        target: goal.slug,
        before: shapeOf(before),
        after: shapeOf(goal),
      })
      return (await views(deps, project ? [goal] : await shownTo(access, actor.user, [goal])))[0]!
    },
    async remove(actor, goalId) {
      const goal = await data.goals.get(goalId)
      await data.goals.remove(goalId)
      const before = shapeOf(goal)
      await audit.add(actor, { action: 'goals.remove', projectId: goal.projectId, target: goal.slug, before })
    },
    async reset(actor, goalId) {
      const [goal] = await views(deps, [await data.goals.get(goalId)])
      await data.goals.reset(goalId)
      const { projectId, slug, value } = goal!
      await audit.add(actor, { action: 'goals.reset', projectId, target: slug, before: { value } })
    },
    stats: (actor, query) => stats(deps, actor, query),
    projectOf: async (goalId) => (await data.goals.get(goalId)).projectId,
  }
}

async function stats(
  deps: GoalsDeps,
  { user }: SignedIn,
  query: z.output<typeof goalStatsInput>,
): Promise<GoalStats[]> {
  const { projectIds, ...rest } = query
  await demandVisible(deps.access, user, projectIds)
  const goals = await Promise.all(query.goalIds.map((goalId) => deps.data.goals.get(goalId)))
  const globals = goals.filter(({ projectId }) => projectId === null)
  const seen = new Set((await visibleGlobals(deps, user, globals)).map(({ id }) => id))
  const hidden = globals.find(({ id }) => !seen.has(id))
  if (hidden) throw goalErrors.GOAL_NOT_FOUND({ goal: hidden.id })
  return deps.data.goals.stats({ ...rest, ...(projectIds && { projectIds }) })
}

async function views({ data }: GoalsDeps, goals: readonly Goal[]): Promise<GoalView[]> {
  const values = await data.goals.values(goals)
  return goals.map((goal) => ({ ...goal, value: values[goal.id] ?? 0 }))
}

async function visibleGlobals(
  { access }: GoalsDeps,
  user: Operator,
  goals: readonly Goal[],
): Promise<Goal[]> {
  const seen = await shownTo(access, user, goals)
  if (user.root) return seen
  return user.manageUsers ? seen : seen.filter(({ projects }) => projects.length > 0)
}

/** Goals with those of their projects that the operator may know of. */
async function shownTo(access: AccessService, user: Operator, goals: readonly Goal[]): Promise<Goal[]> {
  if (user.root) return [...goals]
  const own = new Set(await ownProjects(access, user))
  return goals.map((goal) => ({ ...goal, projects: goal.projects.filter((id) => own.has(id)) }))
}

/** A list of writers replaces what the operator was shown; projects hidden from them go on counting. */
async function withHidden<C extends { projects?: string[] | undefined }>(
  { access }: GoalsDeps,
  user: Operator,
  before: Goal,
  changes: C,
): Promise<C> {
  if (user.root || before.projectId !== null || changes.projects === undefined) return changes
  const own = new Set(await ownProjects(access, user))
  const hidden = before.projects.filter((id) => !own.has(id))
  return { ...changes, projects: [...new Set([...changes.projects, ...hidden])] }
}

async function ownProjects(access: AccessService, user: Operator): Promise<string[]> {
  return (await access.membershipsOf(user.id)).map(({ projectId }) => projectId)
}

/** @throws ACCESS_NO_PROJECT for one that the operator may not know of */
async function demandVisible(access: AccessService, user: Operator, projectIds: readonly string[] = []) {
  for (const projectId of projectIds) {
    if (!(await access.roleIn(user, projectId))) throw accessErrors.ACCESS_NO_PROJECT({ project: projectId })
  }
}

async function projectFor({ projects }: GoalsDeps, projectId: string): Promise<GoalProject> {
  const project = await projects.find(projectId)
  if (!project) throw goalErrors.GOAL_NOT_FOUND({ goal: projectId })
  return { id: project.id, slug: project.slug }
}

/** `{project-slug}-{goal-slug}` follows when the project's slug changes. */
function followSlugs({ data, projects, logger }: GoalsDeps): void {
  projects.onChange((project, before) => {
    if (project.slug === before.slug) return
    data.goals.renameProject({ id: before.id, slug: before.slug }, project.slug).catch((error: unknown) => {
      logger.error('goals did not follow the slug of their project', { project: project.id, error })
    })
  })
}

function shapeOf({ name, slug, type, color, description, projects }: Goal): Record<string, unknown> {
  return { name, slug, type, color, description, projects }
}
