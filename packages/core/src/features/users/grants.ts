import type { AccessService } from '../access/access.service.ts'
import { roleCovers } from '../access/access.service.ts'
import type { ProjectGrant, Rights, RightsInput } from '../access/access.schema.ts'
import type { Operator } from '../access/actor.schema.ts'
import { accessErrors } from '../access/access.errors.ts'
import { usersErrors } from './users.errors.ts'

/** Nobody gives more than they hold, or touches somebody who holds more. */
export function createGrants(access: AccessService) {
  /** Whether `actor` holds all that `rights` hold. */
  async function covers(actor: Operator, rights: Rights): Promise<boolean> {
    if (actor.root) return true
    if (rights.createProjects && !actor.createProjects) return false
    if (rights.manageUsers && !actor.manageUsers) return false
    const own = await rolesOf(actor)
    return rights.projects.every(({ projectId, role }) => roleCovers(own.get(projectId), role))
  }

  async function rolesOf(user: Operator) {
    const memberships = await access.membershipsOf(user.id)
    return new Map(memberships.map(({ projectId, role }) => [projectId, role]))
  }

  return {
    covers,

    /** @throws USERS_BEYOND_RIGHTS; ACCESS_NO_PROJECT for a project that the actor may not know of */
    async demandGrantable(actor: Operator, rights: RightsInput): Promise<void> {
      if (rights.createProjects && !actor.root && !actor.createProjects) {
        throw usersErrors.USERS_BEYOND_RIGHTS({ what: 'create projects' })
      }
      if (rights.manageUsers && !actor.root && !actor.manageUsers) {
        throw usersErrors.USERS_BEYOND_RIGHTS({ what: 'manage users' })
      }
      for (const { projectId, role } of rights.projects ?? []) {
        const own = await access.roleIn(actor, projectId)
        if (!own) throw accessErrors.ACCESS_NO_PROJECT({ project: projectId })
        if (!roleCovers(own, role)) throw usersErrors.USERS_BEYOND_RIGHTS({ what: `the role ${role}` })
      }
    },

    /** Only the memberships that the one who asks may know of. */
    async visible(actor: Operator, projects: readonly ProjectGrant[]): Promise<ProjectGrant[]> {
      if (actor.root) return [...projects]
      const own = await rolesOf(actor)
      return projects.filter(({ projectId }) => own.has(projectId))
    },

    /** Makes the memberships of an operator exactly these. */
    async replaceMemberships(userId: string, wanted: readonly ProjectGrant[]): Promise<void> {
      const kept = new Set(wanted.map(({ projectId }) => projectId))
      for (const { projectId } of await access.membershipsOf(userId)) {
        if (!kept.has(projectId)) await access.removeMember(projectId, userId)
      }
      for (const { projectId, role } of wanted) await access.setRole(projectId, userId, role)
    },
  }
}

export type Grants = ReturnType<typeof createGrants>
