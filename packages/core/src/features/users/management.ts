import { newId } from '@m3m/base'
import type { z } from 'zod'
import { isDuplicateKey } from '../../duplicate-key.ts'
import type { RightsInput } from '../access/access.schema.ts'
import type { Operator, SignedIn } from '../access/actor.schema.ts'
import type { Grants } from './grants.ts'
import { usersErrors } from './users.errors.ts'
import type {
  UserView,
  createUserInput,
  removeUserInput,
  resetPasswordInput,
  updateUserInput,
} from './users.schema.ts'
import type { UsersDeps } from './users.service.ts'

/** What root and user managers do to other operators. */
export interface Management {
  list(actor: SignedIn): Promise<UserView[]>
  /** @throws USERS_EMAIL_TAKEN, USERS_BEYOND_RIGHTS */
  create(actor: SignedIn, input: z.output<typeof createUserInput>): Promise<UserView>
  /** Other rights end the operator's sessions. @throws USERS_OUTRANKED, USERS_BEYOND_RIGHTS, USERS_ROOT_STAYS */
  update(actor: SignedIn, input: z.output<typeof updateUserInput>): Promise<UserView>
  /** Ends every session and socket at once. */
  block(actor: SignedIn, userId: string): Promise<void>
  unblock(actor: SignedIn, userId: string): Promise<void>
  /** @throws USERS_OWNS_PROJECTS when projects would be left without an owner */
  remove(actor: SignedIn, input: z.output<typeof removeUserInput>): Promise<void>
  resetPassword(actor: SignedIn, input: z.output<typeof resetPasswordInput>): Promise<void>
}

export type ManagementDeps = UsersDeps & { grants: Grants }

export function createManagement(deps: ManagementDeps): Management {
  return {
    list: async (actor) => Promise.all((await deps.repo.list()).map((user) => viewFor(deps, actor, user))),
    create: (actor, input) => create(deps, actor, input),
    update: (actor, input) => update(deps, actor, input),
    block: (actor, userId) => setBlocked(deps, actor, { userId, blocked: true }),
    unblock: (actor, userId) => setBlocked(deps, actor, { userId, blocked: false }),
    remove: (actor, input) => remove(deps, actor, input),
    resetPassword: (actor, input) => resetPassword(deps, actor, input),
  }
}

async function viewFor(
  { access, grants }: ManagementDeps,
  actor: SignedIn,
  user: Operator,
): Promise<UserView> {
  const rights = await access.rightsOf(user)
  const { id, email, name, root, blocked, avatarVersion } = user
  return {
    id,
    email,
    name,
    root,
    blocked,
    avatarVersion,
    rights: { ...rights, projects: await grants.visible(actor.user, rights.projects) },
    createdAt: user.createdAt.toISOString(),
    lastSeenAt: user.lastSeenAt?.toISOString() ?? null,
    manageable: user.root ? actor.user.root : await grants.covers(actor.user, rights),
  }
}

/** @throws USERS_UNKNOWN, USERS_ROOT_STAYS, USERS_OUTRANKED */
async function manageable({ repo, access, grants }: ManagementDeps, actor: SignedIn, userId: string) {
  const user = await repo.byId(userId)
  if (!user) throw usersErrors.USERS_UNKNOWN({ user: userId })
  if (user.root && !actor.user.root) throw usersErrors.USERS_ROOT_STAYS({})
  if (!user.root && !(await grants.covers(actor.user, await access.rightsOf(user)))) {
    throw usersErrors.USERS_OUTRANKED({ email: user.email })
  }
  return user
}

/** For what nobody does to themselves or to root. */
async function another(deps: ManagementDeps, actor: SignedIn, userId: string): Promise<Operator> {
  if (userId === actor.userId) throw usersErrors.USERS_NOT_YOURSELF({})
  const user = await manageable(deps, actor, userId)
  if (user.root) throw usersErrors.USERS_ROOT_STAYS({})
  return user
}

async function create(deps: ManagementDeps, actor: SignedIn, input: z.output<typeof createUserInput>) {
  const { email, name, password, rights } = input
  const { repo, passwords, grants, audit } = deps
  await grants.demandGrantable(actor.user, rights)
  const user = operator(deps.clock.now(), { email, name, rights })
  await repo.add({ ...user, passwordHash: await passwords.hash(password) }).catch((error: unknown) => {
    throw emailTaken(error, email)
  })
  await grants.replaceMemberships(user.id, rights.projects ?? [])
  await audit.add(actor, { action: 'users.create', target: email, after: { name, rights } })
  return viewFor(deps, actor, user)
}

async function update(deps: ManagementDeps, actor: SignedIn, input: z.output<typeof updateUserInput>) {
  const { userId, email, name, rights } = input
  const { repo, access, audit } = deps
  const user = await manageable(deps, actor, userId)
  const before = { email: user.email, name: user.name, rights: await access.rightsOf(user) }
  if (rights) await setRights(deps, actor, { user, rights })
  const set = { ...(email !== undefined && { email }), ...(name !== undefined && { name }) }
  const changed =
    Object.keys(set).length === 0
      ? await repo.byId(userId)
      : await repo.update(userId, set).catch((error: unknown) => {
          throw emailTaken(error, email ?? user.email)
        })
  if (!changed) throw usersErrors.USERS_UNKNOWN({ user: userId })
  const after = { email: changed.email, name: changed.name, rights: await access.rightsOf(changed) }
  await audit.add(actor, { action: 'users.update', target: changed.email, before, after })
  return viewFor(deps, actor, changed)
}

/** Other rights end the sessions: whatever was open was opened by rights that are no more. */
async function setRights(
  { repo, grants, sessions }: ManagementDeps,
  actor: SignedIn,
  { user, rights }: { user: Operator; rights: RightsInput },
): Promise<void> {
  if (user.root) throw usersErrors.USERS_ROOT_STAYS({})
  await grants.demandGrantable(actor.user, rights)
  await repo.update(user.id, {
    createProjects: rights.createProjects ?? false,
    manageUsers: rights.manageUsers ?? false,
  })
  await grants.replaceMemberships(user.id, rights.projects ?? [])
  await sessions.endAll(user.id)
}

async function setBlocked(
  deps: ManagementDeps,
  actor: SignedIn,
  { userId, blocked }: { userId: string; blocked: boolean },
): Promise<void> {
  const user = await another(deps, actor, userId)
  await deps.repo.update(userId, { blocked })
  if (blocked) await deps.sessions.endAll(userId)
  await deps.audit.add(actor, { action: blocked ? 'users.block' : 'users.unblock', target: user.email })
}

async function remove(deps: ManagementDeps, actor: SignedIn, input: z.output<typeof removeUserInput>) {
  const { userId, handOverTo } = input
  const user = await another(deps, actor, userId)
  await handOver(deps, user, handOverTo)
  await deps.sessions.endAll(userId)
  await deps.access.removeUser(userId)
  await deps.repo.remove(userId)
  await deps.pictures?.remove(userId)
  const after = { handOverTo: handOverTo ?? null }
  await deps.audit.add(actor, { action: 'users.remove', target: user.email, after })
}

async function resetPassword(
  deps: ManagementDeps,
  actor: SignedIn,
  { userId, password }: z.output<typeof resetPasswordInput>,
): Promise<void> {
  const user = await another(deps, actor, userId)
  await deps.repo.update(userId, { passwordHash: await deps.passwords.hash(password) })
  await deps.sessions.endAll(userId)
  deps.limits.forget(user.email)
  await deps.audit.add(actor, { action: 'users.resetPassword', target: user.email })
}

/** Projects without another owner go to `handOverTo` first. */
async function handOver(
  { repo, access, projectNames }: UsersDeps,
  user: Operator,
  handOverTo: string | undefined,
) {
  const alone: string[] = []
  for (const { projectId, role } of await access.membershipsOf(user.id)) {
    if (role !== 'owner') continue
    const members = await access.membersOf(projectId)
    if (!members.some((member) => member.role === 'owner' && member.userId !== user.id)) alone.push(projectId)
  }
  if (alone.length === 0) return
  if (!handOverTo || handOverTo === user.id)
    throw usersErrors.USERS_OWNS_PROJECTS({ projects: shortened(await projectNames(alone)) })
  const heir = await repo.byId(handOverTo)
  if (!heir) throw usersErrors.USERS_UNKNOWN({ user: handOverTo })
  for (const projectId of alone) await access.setRole(projectId, heir.id, 'owner')
}

/** As many names as a person reads at once. */
const MAX_SHOWN = 10

function shortened(names: readonly string[]): string[] {
  const more = names.length - MAX_SHOWN
  return more > 0 ? [...names.slice(0, MAX_SHOWN), `… (+${more})`] : [...names]
}

function operator(now: number, input: { email: string; name: string; rights: RightsInput }): Operator {
  return {
    id: newId(now),
    email: input.email,
    name: input.name,
    root: false,
    blocked: false,
    createProjects: input.rights.createProjects ?? false,
    manageUsers: input.rights.manageUsers ?? false,
    language: null,
    theme: 'system',
    avatarVersion: null,
    createdAt: new Date(now),
    lastSeenAt: null,
  }
}

function emailTaken(error: unknown, email: string): unknown {
  if (!isDuplicateKey(error)) return error
  const field = usersErrors.USERS_EMAIL_TAKEN({ email }).toField()
  return usersErrors.USERS_EMAIL_TAKEN({ email }, { cause: error, fields: { email: field } })
}
