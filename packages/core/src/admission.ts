import { goalErrors } from '@m3m/data'
import { accessErrors } from './features/access/access.errors.ts'
import type { AccessService } from './features/access/access.service.ts'
import type { SignedIn } from './features/access/actor.schema.ts'
import type { AuthService } from './features/auth/auth.service.ts'
import type { SessionsService } from './features/auth/sessions.service.ts'
import type { GoalsService } from './features/goals/goals.service.ts'
import type { ProjectsService } from './features/projects/projects.service.ts'
import type { Admission, RequestInput } from './context.ts'
import type { AgentNeed, Need } from './procedure-rights.ts'

export interface AdmissionDeps {
  auth: AuthService
  sessions: SessionsService
  access: AccessService
  projects: ProjectsService
  goals: Pick<GoalsService, 'projectOf'>
}

/** What the schema of goals.stats takes at most; more is refused there. */
const MAX_GOALS = 50

const NEVER = new AbortController().signal

/**
 * The authorisation layer: lets one call in or refuses it. The sign-in is looked up at every call, also on a
 * socket that has been open for hours. Nested ids need no rule here: services look everything up inside the
 * project that was demanded.
 */
export async function admit(
  deps: AdmissionDeps,
  identify: () => Promise<SignedIn | null>,
  call: { need: Need; rawInput: unknown },
): Promise<Admission> {
  const { need, rawInput } = call
  const actor = await identify()
  if (!actor) {
    if (need === 'public') return { actor: null, ended: NEVER }
    throw accessErrors.ACCESS_SIGN_IN({})
  }
  const admission = { actor, ended: deps.sessions.ended(actor.sessionId) }
  const input = (rawInput ?? {}) as Input
  if (typeof need === 'string') demandRight(actor, need)
  else if ('goal' in need) await demandGoals(deps, actor, { need, input })
  else await demandProject(deps, actor, { need, input })
  return admission
}

/**
 * Who makes the calls of one request or socket. The token is read at the first of them; then the sign-in itself
 * is asked at every call, since a socket lives longer than the 15 minutes of its token.
 */
export function createIdentity(auth: AuthService, request: RequestInput): () => Promise<SignedIn | null> {
  let signIn: SignedIn | null = null
  return async () => {
    if (signIn) return auth.resume(signIn, request)
    signIn = request.token ? await auth.authenticate(request.token, request) : null
    return signIn
  }
}

/** What admission reads of an input before its procedure has checked it. */
interface Input {
  projectId?: unknown
  slug?: unknown
  goalId?: unknown
  goalIds?: unknown
}

type ProjectNeed = Extract<Need, { project: unknown }>
type GoalNeed = Extract<Need, { goal: unknown }>

function demandRight({ user }: SignedIn, need: AgentNeed): void {
  if (user.root) return
  if (need === 'root') throw accessErrors.ACCESS_DENIED({ what: 'do this; only root may' })
  if (need === 'manage-users' && !user.manageUsers)
    throw accessErrors.ACCESS_DENIED({ what: 'manage operators' })
  if (need === 'create-projects' && !user.createProjects) {
    throw accessErrors.ACCESS_DENIED({ what: 'create projects' })
  }
}

async function demandProject(
  { access, projects }: AdmissionDeps,
  actor: SignedIn,
  { need, input }: { need: ProjectNeed; input: Input },
): Promise<void> {
  const { projectId, slug } = input
  if (typeof projectId === 'string') return void (await access.demand(actor.user, projectId, need.project))
  if (projectId === undefined && need.without) return demandRight(actor, need.without)
  const project = typeof slug === 'string' ? await projects.findBySlug(slug) : null
  if (!project)
    throw accessErrors.ACCESS_NO_PROJECT({ project: typeof slug === 'string' ? slug : 'without an id' })
  await access.demand(actor.user, project.id, need.project)
}

async function demandGoals(
  { access, goals }: AdmissionDeps,
  actor: SignedIn,
  { need, input }: { need: GoalNeed; input: Input },
): Promise<void> {
  const { goalId, goalIds } = input
  const named: unknown[] = Array.isArray(goalIds) ? goalIds.slice(0, MAX_GOALS) : [goalId]
  for (const id of named) {
    const goal = String(id)
    const projectId = await goals.projectOf(goal)
    if (projectId === null) demandRight(actor, need.global)
    // A goal of a project that one may not know of is as unknown as one that does not exist.
    else if (!(await access.roleIn(actor.user, projectId))) throw goalErrors.GOAL_NOT_FOUND({ goal })
    else await access.demand(actor.user, projectId, need.goal)
  }
}
