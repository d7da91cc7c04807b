import type { Clock } from '@m3m/base'
import { accessErrors } from './access.errors.ts'
import type { AccessRepo } from './access.repo.ts'
import type { ProjectGrant, ProjectRight, ProjectRole, Rights } from './access.schema.ts'
import { PROJECT_ROLES, RIGHTS_OF_ROLE } from './access.schema.ts'
import type { Operator } from './actor.schema.ts'

/** One membership as other features see it. */
export interface Membership extends ProjectGrant {
  userId: string
  addedAt: Date
}

/** Who may do what in which project. The only place that reads and writes memberships. */
export interface AccessService {
  /** The role of an operator in a project that exists; root is an owner everywhere; `null` for an outsider. */
  roleIn(user: Operator, projectId: string): Promise<ProjectRole | null>
  /** @throws ACCESS_NO_PROJECT for an outsider, ACCESS_DENIED for too weak a role. */
  demand(user: Operator, projectId: string, right: ProjectRight): Promise<ProjectRole>
  /** Everything an operator holds, memberships included. */
  rightsOf(user: Operator): Promise<Rights>
  membersOf(projectId: string): Promise<Membership[]>
  membershipsOf(userId: string): Promise<Membership[]>
  /** Adds a member or changes the role; gives back the role before, `null` for a new member. */
  setRole(projectId: string, userId: string, role: ProjectRole): Promise<ProjectRole | null>
  /** Gives back the role that was taken away, `null` when there was none. */
  removeMember(projectId: string, userId: string): Promise<ProjectRole | null>
  removeProject(projectId: string): Promise<void>
  removeUser(userId: string): Promise<void>
}

export interface AccessDeps {
  repo: AccessRepo
  clock: Clock
  /** A project that is being removed does not exist any more. */
  projectExists(projectId: string): Promise<boolean>
}

const WORDS: Readonly<Record<ProjectRight, string>> = {
  view: 'see this project',
  'records:write': 'change records of this project',
  'files:write': 'change files of this project',
  'code:write': 'change the code, models or variables of this project',
  run: 'release, start or stop this project',
  settings: 'change the settings of this project',
  delete: 'delete this project',
}

export function createAccess(deps: AccessDeps): AccessService {
  const { repo, clock, projectExists } = deps

  async function roleIn(user: Operator, projectId: string): Promise<ProjectRole | null> {
    if (!(await projectExists(projectId))) return null
    return user.root ? 'owner' : repo.role(projectId, user.id)
  }

  return {
    roleIn,
    async demand(user, projectId, right) {
      const role = await roleIn(user, projectId)
      if (!role) throw accessErrors.ACCESS_NO_PROJECT({ project: projectId })
      if (!RIGHTS_OF_ROLE[role].includes(right)) throw accessErrors.ACCESS_DENIED({ what: WORDS[right] })
      return role
    },
    async rightsOf(user) {
      const projects = await repo.list({ userId: user.id })
      return {
        createProjects: user.root || user.createProjects,
        manageUsers: user.root || user.manageUsers,
        projects: projects.map(({ projectId, role }) => ({ projectId, role })),
      }
    },
    membersOf: (projectId) => repo.list({ projectId }),
    membershipsOf: (userId) => repo.list({ userId }),
    setRole: (projectId, userId, role) =>
      repo.set({ projectId, userId, role, addedAt: new Date(clock.now()) }),
    removeMember: (projectId, userId) => repo.remove(projectId, userId),
    removeProject: (projectId) => repo.removeAll({ projectId }),
    removeUser: (userId) => repo.removeAll({ userId }),
  }
}

/** Whether a role holds all that another one holds. */
export function roleCovers(held: ProjectRole | null | undefined, wanted: ProjectRole): boolean {
  return held != null && PROJECT_ROLES.indexOf(held) >= PROJECT_ROLES.indexOf(wanted)
}
