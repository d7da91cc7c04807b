import type { Clock } from '@m3m/base'
import { newId } from '@m3m/base'
import type { z } from 'zod'
import { isDuplicateKey } from '../../duplicate-key.ts'
import type { AccessService } from '../access/access.service.ts'
import type { Actor, Operator, SignedIn } from '../access/actor.schema.ts'
import { AGENT_ACTOR } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { LoginLimits } from '../auth/login-limits.service.ts'
import type { Passwords } from '../auth/passwords.port.ts'
import type { SessionsService } from '../auth/sessions.service.ts'
import { createGrants } from './grants.ts'
import { createManagement } from './management.ts'
import type { Management } from './management.ts'
import { usersErrors } from './users.errors.ts'
import type { OperatorPictures } from './operator-pictures.port.ts'
import type { UsersRepo } from './users.repo.ts'
import type { Me, changePasswordInput, updateProfileInput } from './users.schema.ts'

/** Operators. Nobody gives, edits or ends what is more than their own rights; root is edited by root alone. */
export interface UsersService extends Management {
  /** Makes the first operator. The input is checked by the caller (users.schema.ts). @throws USERS_ROOT_EXISTS */
  createRoot(input: { email: string; password: string; name?: string }, by?: Actor): Promise<Operator>
  hasRoot(): Promise<boolean>
  /** For the command line: a new password, and every session ends. @throws USERS_UNKNOWN */
  resetPasswordOf(email: string, password: string): Promise<void>

  byId(userId: string): Promise<Operator | null>
  byEmail(email: string): Promise<Operator | null>
  /** The operator and the hash, for the login alone. */
  credentials(email: string): Promise<{ user: Operator; passwordHash: string } | null>
  /** Names for lists; operators that are no more are absent. */
  names(userIds: readonly (string | null)[]): Promise<Map<string, { id: string; name: string }>>
  /** Notes that the operator was here. */
  touch(userId: string): Promise<void>

  me(user: Operator): Promise<Me>
  updateProfile(actor: SignedIn, input: z.output<typeof updateProfileInput>): Promise<Me>
  /** Ends every other session. @throws USERS_WRONG_PASSWORD, AUTH_TOO_MANY_ATTEMPTS */
  changePassword(actor: SignedIn, input: z.output<typeof changePasswordInput>): Promise<void>
  /** `null` takes the picture away. The bytes are kept by the agent's file routes. */
  setAvatar(actor: Actor & { userId: string }, version: string | null): Promise<Me>
}

export interface UsersDeps {
  repo: UsersRepo
  access: AccessService
  sessions: SessionsService
  limits: LoginLimits
  passwords: Passwords
  audit: AuditService
  clock: Clock
  /** For what is said of projects: their names, by name. */
  projectNames(projectIds: readonly string[]): Promise<string[]>
  pictures?: OperatorPictures
}

export function createUsers(deps: UsersDeps): UsersService {
  const { repo, access, audit, clock } = deps
  const management = createManagement({ ...deps, grants: createGrants(access) })

  async function me(user: Operator): Promise<Me> {
    const { id, email, name, root, avatarVersion, language, theme, createdAt } = user
    const rights = await access.rightsOf(user)
    return {
      id,
      email,
      name,
      root,
      rights,
      avatarVersion,
      language,
      theme,
      createdAt: createdAt.toISOString(),
    }
  }

  return {
    ...management,
    ...createCommands(deps),
    hasRoot: async () => (await repo.root()) !== null,
    byId: (userId) => repo.byId(userId),
    byEmail: (email) => repo.byEmail(email),
    credentials: (email) => repo.credentials(email),
    async names(userIds) {
      const ids = [...new Set(userIds)].filter((id) => id !== null)
      const users = ids.length > 0 ? await repo.many(ids) : []
      return new Map(users.map(({ id, name }) => [id, { id, name }]))
    },
    touch: async (userId) => void (await repo.update(userId, { lastSeenAt: new Date(clock.now()) })),
    me,
    updateProfile: async (actor, { name, language, theme }) => {
      const user = await repo.update(actor.userId, {
        ...(name !== undefined && { name }),
        ...(language !== undefined && { language }),
        ...(theme !== undefined && { theme }),
      })
      if (!user) throw usersErrors.USERS_UNKNOWN({ user: actor.userId })
      if (name !== undefined && name !== actor.name) {
        await audit.add(actor, { action: 'profile.update', before: { name: actor.name }, after: { name } })
      }
      return me(user)
    },
    changePassword: (actor, input) => changePassword(deps, actor, input),
    async setAvatar(actor, version) {
      const user = await repo.update(actor.userId, { avatarVersion: version })
      if (!user) throw usersErrors.USERS_UNKNOWN({ user: actor.userId })
      await audit.add(actor, { action: 'profile.avatar' })
      return me(user)
    },
  }
}

/** What `m3m-agent new-admin`, the link of the first start, and `reset-password` do. */
function createCommands(deps: UsersDeps): Pick<UsersService, 'createRoot' | 'resetPasswordOf'> {
  const { repo, passwords, sessions, audit, clock, limits } = deps
  return {
    async createRoot({ email, password, name }, by = AGENT_ACTOR) {
      const existing = await repo.root()
      if (existing) throw usersErrors.USERS_ROOT_EXISTS({ email: existing.email })
      const now = clock.now()
      const user: Operator = {
        id: newId(now),
        email,
        name: name ?? email.split('@')[0]!,
        root: true,
        blocked: false,
        createProjects: true,
        manageUsers: true,
        language: null,
        theme: 'system',
        avatarVersion: null,
        createdAt: new Date(now),
        lastSeenAt: null,
      }
      await repo.add({ ...user, passwordHash: await passwords.hash(password) }).catch((error: unknown) => {
        throw isDuplicateKey(error) ? usersErrors.USERS_EMAIL_TAKEN({ email }, { cause: error }) : error
      })
      await audit.add(by, { action: 'users.createRoot', target: email })
      return user
    },
    async resetPasswordOf(email, password) {
      const user = await repo.byEmail(email)
      if (!user) throw usersErrors.USERS_UNKNOWN({ user: email })
      await repo.update(user.id, { passwordHash: await passwords.hash(password) })
      await sessions.endAll(user.id)
      limits.forget(email)
      await audit.add(AGENT_ACTOR, { action: 'users.resetPassword', target: email })
    },
  }
}

async function changePassword(
  deps: UsersDeps,
  actor: SignedIn,
  input: z.output<typeof changePasswordInput>,
): Promise<void> {
  const { repo, passwords, sessions, limits, audit } = deps
  // A stolen session must not become a place to guess the password at.
  const attempt = limits.begin(actor.user.email, actor.address)
  const hash = await repo.passwordHash(actor.userId)
  if (!hash || !(await passwords.verify(hash, input.current))) {
    const error = usersErrors.USERS_WRONG_PASSWORD({})
    throw usersErrors.USERS_WRONG_PASSWORD({}, { fields: { current: error.toField() } })
  }
  attempt.succeeded()
  await repo.update(actor.userId, { passwordHash: await passwords.hash(input.next) })
  await sessions.endAll(actor.userId, { except: actor.sessionId })
  await audit.add(actor, { action: 'profile.changePassword', target: actor.user.email })
}
