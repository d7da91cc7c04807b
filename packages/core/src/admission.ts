import { accessErrors } from './features/access/access.errors.ts'
import type { AccessService } from './features/access/access.service.ts'
import type { ProjectRight } from './features/access/access.schema.ts'
import type { SignedIn } from './features/access/actor.schema.ts'
import type { AuthService } from './features/auth/auth.service.ts'
import type { SessionsService } from './features/auth/sessions.service.ts'
import type { ProjectsService } from './features/projects/projects.service.ts'
import type { Admission, RequestInput } from './context.ts'
import type { Need } from './procedure-rights.ts'

export interface AdmissionDeps {
  auth: AuthService
  sessions: SessionsService
  access: AccessService
  projects: ProjectsService
}

const NEVER = new AbortController().signal

/**
 * The authorisation layer: lets one call in or refuses it. The sign-in is looked up at every call, also on a
 * socket that has been open for hours. Nested ids need no rule here: services look everything up inside the
 * project that was demanded.
 */
export async function admit(
  deps: AdmissionDeps,
  request: RequestInput,
  call: { need: Need; rawInput: unknown },
): Promise<Admission> {
  const { need, rawInput } = call
  const actor = request.token ? await deps.auth.authenticate(request.token, request) : null
  if (!actor) {
    if (need === 'public') return { actor: null, ended: NEVER }
    throw accessErrors.ACCESS_SIGN_IN({})
  }
  const admission = { actor, ended: deps.sessions.ended(actor.sessionId) }
  if (typeof need === 'object') await demandProject(deps, actor, { right: need.project, rawInput })
  else demandRight(actor, need)
  return admission
}

function demandRight({ user }: SignedIn, need: Exclude<Need, object>): void {
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
  { user }: SignedIn,
  { right, rawInput }: { right: ProjectRight; rawInput: unknown },
): Promise<void> {
  const { projectId, slug } = (rawInput ?? {}) as { projectId?: unknown; slug?: unknown }
  if (typeof projectId === 'string') return void (await access.demand(user, projectId, right))
  const project = typeof slug === 'string' ? await projects.findBySlug(slug) : null
  if (!project)
    throw accessErrors.ACCESS_NO_PROJECT({ project: typeof slug === 'string' ? slug : 'without an id' })
  await access.demand(user, project.id, right)
}
