import type { Actor, Operator } from './actor.schema.ts'
import type { ProjectGrant, ProjectRight, ProjectRole, Rights } from './access.schema.ts'

/** One membership as other features see it. */
export interface Membership extends ProjectGrant {
  userId: string
  addedAt: Date
}

/** Who may do what in which project. The only place that reads and writes memberships. */
export interface AccessService {
  /** The role of an operator in a project; root is an owner everywhere; `null` for an outsider. */
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

/** For messages and audit entries. */
export type ActorName = Pick<Actor, 'userId' | 'name'>
