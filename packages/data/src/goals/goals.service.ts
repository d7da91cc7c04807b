import { type Clock, newId } from '@m3m/base'
import { isDuplicateKey } from '../mongo-errors.ts'
import { goalErrors } from './goals.errors.ts'
import type { GoalsRepo } from './goals.repo.ts'
import {
  type Goal,
  type GoalChanges,
  type GoalInput,
  goalChangesSchema,
  goalInputSchema,
  type GoalStats,
  type GoalStatsQuery,
} from './goals.schema.ts'
import { goalStats } from './goal-stats.ts'
import { dayOf } from './periods.ts'

/** A project as goals know it. */
export interface GoalProject {
  id: string
  slug: string
}

/** Counters. Who may manage them is the caller's business; who may write them is a rule of the goal. */
export interface GoalsService {
  /** A project's own; with `null` the global ones. By name. */
  list(projectId: string | null): Promise<Goal[]>
  /** Those a project's service may use: its own and the global ones it may write. */
  usable(project: GoalProject): Promise<Goal[]>
  /** By id, for the panel. @throws GOAL_NOT_FOUND */
  get(goalId: string): Promise<Goal>
  /** By whole or short slug, for a service. @throws GOAL_NOT_FOUND */
  find(project: GoalProject, slug: string): Promise<Goal>
  /** `project` owns it, or it is global. The slug is stored whole. @throws GOAL_INVALID, GOAL_SLUG_TAKEN */
  create(project: GoalProject | null, input: GoalInput): Promise<Goal>
  /** @throws GOAL_NOT_FOUND, GOAL_INVALID, GOAL_SLUG_TAKEN */
  update(goalId: string, changes: GoalChanges, project: GoalProject | null): Promise<Goal>
  /** With all it counted. @throws GOAL_NOT_FOUND */
  remove(goalId: string): Promise<void>
  /** Forgets all it counted. @throws GOAL_NOT_FOUND */
  reset(goalId: string): Promise<void>
  /** The slugs of its goals follow the project's. @throws GOAL_SLUG_TAKEN */
  renameProject(before: GoalProject, slug: string): Promise<void>
  /** Adds a whole number (default 1, may be negative) to today's count. @throws GOAL_NOT_FOUND, GOAL_AMOUNT */
  increment(project: GoalProject, slug: string, by?: number): Promise<void>
  /** A counter's total, a daily one's today. @throws GOAL_NOT_FOUND */
  value(project: GoalProject, slug: string): Promise<number>
  /** Values of goals by id, for the cards. */
  values(goals: readonly Goal[]): Promise<Record<string, number>>
  /** Gap-filled and ordered, one entry for each id in the order given. @throws GOAL_PERIOD */
  stats(query: GoalStatsQuery): Promise<GoalStats[]>
}

const MAX_AMOUNT = 1_000_000_000

export function createGoals({ repo, clock }: { repo: GoalsRepo; clock: Clock }): GoalsService {
  const today = () => dayOf(clock.now())

  async function get(goalId: string): Promise<Goal> {
    const goal = await repo.byId(goalId)
    if (!goal) throw goalErrors.GOAL_NOT_FOUND({ goal: String(goalId).slice(0, 100) })
    return goal
  }

  async function find(project: GoalProject, slug: string): Promise<Goal> {
    const slugs = [String(slug), wholeSlug(project, String(slug))]
    const found = (await repo.find({ slug: { $in: slugs } })).filter((goal) => mayUse(project, goal))
    const goal = found.find((one) => one.slug === slugs[0]) ?? found[0]
    if (!goal) throw goalErrors.GOAL_NOT_FOUND({ goal: String(slug).slice(0, 100) })
    return goal
  }

  const valueOf = async (goal: Goal): Promise<number> => {
    if (goal.type === 'counter') return repo.total(goal.id)
    const [row] = await repo.days({ goalIds: [goal.id], from: today(), to: today() })
    return row?.value ?? 0
  }

  return {
    list: (projectId) => repo.find({ projectId }),
    usable: async (project) =>
      repo.find({ $or: [{ projectId: project.id }, { projectId: null, projects: project.id }] }),
    get,
    find,
    async create(project, input) {
      const goal = newGoal(parse(goalInputSchema, input), project, clock.now())
      await unlessTaken(goal.slug, () => repo.insert(goal))
      return goal
    },
    async update(goalId, changes, project) {
      const { slug, projects, ...rest } = parse(goalChangesSchema, changes)
      const before = await get(goalId)
      const goal: Goal = {
        ...before,
        ...(Object.fromEntries(
          Object.entries(rest).filter(([, value]) => value !== undefined),
        ) as Partial<Goal>),
        ...(slug !== undefined && { slug: wholeSlug(project, slug) }),
        ...(projects !== undefined && before.projectId === null && { projects }),
        updatedAt: new Date(clock.now()).toISOString(),
      }
      await unlessTaken(goal.slug, () => repo.replace(goal))
      return goal
    },
    remove: async (goalId) => repo.remove((await get(goalId)).id),
    reset: async (goalId) => repo.clearStats((await get(goalId)).id),
    async renameProject(before, slug) {
      for (const goal of await repo.find({ projectId: before.id })) {
        if (!goal.slug.startsWith(`${before.slug}-`)) continue
        const next = `${slug}-${goal.slug.slice(before.slug.length + 1)}`
        await unlessTaken(next, () => repo.replace({ ...goal, slug: next }))
      }
    },
    async increment(project, slug, by = 1) {
      if (!Number.isInteger(by) || Math.abs(by) > MAX_AMOUNT)
        throw goalErrors.GOAL_AMOUNT({ amount: String(by).slice(0, 50) })
      const goal = await find(project, slug)
      await repo.increment(goal.id, project.id, today(), by)
    },
    value: async (project, slug) => valueOf(await find(project, slug)),
    async values(goals) {
      const values = goals.map(async (goal) => [goal.id, await valueOf(goal)] as const)
      return Object.fromEntries(await Promise.all(values))
    },
    stats: (query) => goalStats(repo, query),
  }
}

function newGoal(input: GoalInput, project: GoalProject | null, nowMs: number): Goal {
  const at = new Date(nowMs).toISOString()
  return {
    id: newId(nowMs),
    projectId: project?.id ?? null,
    name: input.name,
    slug: wholeSlug(project, input.slug),
    type: input.type,
    color: input.color ?? null,
    description: input.description ?? '',
    projects: project ? [] : (input.projects ?? []),
    createdAt: at,
    updatedAt: at,
  }
}

function wholeSlug(project: GoalProject | null, slug: string): string {
  return project ? `${project.slug}-${slug}` : slug
}

function mayUse(project: GoalProject, goal: Goal): boolean {
  return goal.projectId === project.id || (goal.projectId === null && goal.projects.includes(project.id))
}

async function unlessTaken(slug: string, write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    throw isDuplicateKey(error) ? goalErrors.GOAL_SLUG_TAKEN({ slug }, { cause: error }) : error
  }
}

function parse<T>(
  schema: {
    safeParse(
      input: unknown,
    ):
      | { success: true; data: T }
      | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } }
  },
  input: unknown,
): T {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const fields = Object.fromEntries(
    parsed.error.issues.map(({ path, message }) => [
      path.join('.') || 'goal',
      { code: 'GOAL_FIELD', message },
    ]),
  )
  const problem = Object.entries(fields)
    .map(([key, { message }]) => `${key}: ${message}.`)
    .join(' ')
  throw goalErrors.GOAL_INVALID({ problem }, { fields })
}
