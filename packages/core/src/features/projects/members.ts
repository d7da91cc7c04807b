import type { z } from 'zod'
import { roleCovers } from '../access/access.service.ts'
import type { Operator, SignedIn } from '../access/actor.schema.ts'
import type { ProjectNewsDesk } from './project-news.ts'
import { projectErrors } from './projects.errors.ts'
import type { MemberView, addMemberInput, removeMemberInput, updateMemberInput } from './projects.schema.ts'
import type { ProjectsDeps } from './projects.service.ts'

/** People of one project. A changed or lost role ends the sessions of whom it was taken from. */
export interface Members {
  members(projectId: string): Promise<MemberView[]>
  /** @throws PROJECT_NO_OPERATOR, PROJECT_ALREADY_MEMBER */
  addMember(actor: SignedIn, input: z.output<typeof addMemberInput>): Promise<MemberView>
  /** @throws PROJECT_NO_MEMBER, PROJECT_LAST_OWNER */
  updateMember(actor: SignedIn, input: z.output<typeof updateMemberInput>): Promise<MemberView>
  /** @throws PROJECT_NO_MEMBER, PROJECT_LAST_OWNER */
  removeMember(actor: SignedIn, input: z.output<typeof removeMemberInput>): Promise<void>
}

export function createMembers(
  { access, users, sessions, audit }: ProjectsDeps,
  news: Pick<ProjectNewsDesk, 'tell'>,
): Members {
  async function list(projectId: string): Promise<MemberView[]> {
    const found: MemberView[] = []
    for (const { userId, role, addedAt } of await access.membersOf(projectId)) {
      const user = await users.byId(userId)
      if (user) found.push(view(user, role, addedAt))
    }
    return found
  }

  async function one(projectId: string, userId: string): Promise<MemberView> {
    const member = (await list(projectId)).find((member) => member.userId === userId)
    if (!member) throw projectErrors.PROJECT_NO_MEMBER({ userId })
    return member
  }

  /** Root may leave a project without an owner: root is one everywhere. */
  async function demandAnotherOwner(actor: SignedIn, projectId: string, member: MemberView) {
    if (member.role !== 'owner' || actor.user.root) return
    const others = (await list(projectId)).filter(({ userId }) => userId !== member.userId)
    if (!others.some(({ role }) => roleCovers(role, 'owner'))) throw projectErrors.PROJECT_LAST_OWNER({})
  }

  return {
    members: list,
    async addMember(actor, { projectId, email, role }) {
      const user = await users.byEmail(email)
      if (!user) throw projectErrors.PROJECT_NO_OPERATOR({ email })
      const before = (await access.membersOf(projectId)).some(({ userId }) => userId === user.id)
      if (before) throw projectErrors.PROJECT_ALREADY_MEMBER({ email })
      await access.setRole(projectId, user.id, role)
      news.tell(projectId, 'project')
      await audit.add(actor, { action: 'members.add', projectId, target: email, after: { role } })
      return one(projectId, user.id)
    },
    async updateMember(actor, { projectId, userId, role }) {
      const member = await one(projectId, userId)
      if (member.role === role) return member
      await demandAnotherOwner(actor, projectId, member)
      await access.setRole(projectId, userId, role)
      await sessions.endAll(userId)
      await audit.add(actor, {
        action: 'members.update',
        projectId,
        target: member.email,
        before: { role: member.role },
        after: { role },
      })
      return { ...member, role }
    },
    async removeMember(actor, { projectId, userId }) {
      const member = await one(projectId, userId)
      await demandAnotherOwner(actor, projectId, member)
      await access.removeMember(projectId, userId)
      await sessions.endAll(userId)
      const before = { role: member.role }
      await audit.add(actor, { action: 'members.remove', projectId, target: member.email, before })
    },
  }
}

function view(user: Operator, role: MemberView['role'], addedAt: Date): MemberView {
  const { id: userId, email, name, avatarVersion } = user
  return { userId, email, name, role, avatarVersion, addedAt: addedAt.toISOString() }
}
