import type { z } from 'zod'
import type { Actor, Operator, SignedIn } from '../access/actor.schema.ts'
import type {
  Me,
  UserView,
  changePasswordInput,
  createUserInput,
  removeUserInput,
  resetPasswordInput,
  updateProfileInput,
  updateUserInput,
} from './users.schema.ts'

/** Operators. Nobody gives, edits or ends what is more than their own rights; root is edited by root alone. */
export interface UsersService {
  /** Makes the first operator. @throws USERS_ROOT_EXISTS */
  createRoot(input: { email: string; password: string; name?: string }): Promise<Operator>
  hasRoot(): Promise<boolean>
  /** For the command line: a new password, and every session ends. @throws USERS_UNKNOWN_EMAIL */
  resetPasswordOf(email: string, password: string): Promise<void>

  byId(userId: string): Promise<Operator | null>
  byEmail(email: string): Promise<Operator | null>
  /** The operator and the hash, for the login alone. */
  credentials(email: string): Promise<{ user: Operator; passwordHash: string } | null>
  /** Names for lists; operators that are no more are absent. */
  names(userIds: readonly (string | null)[]): Promise<Map<string, { id: string; name: string }>>
  touch(userId: string): Promise<void>

  me(user: Operator): Promise<Me>
  list(actor: SignedIn): Promise<UserView[]>
  create(actor: SignedIn, input: z.output<typeof createUserInput>): Promise<UserView>
  update(actor: SignedIn, input: z.output<typeof updateUserInput>): Promise<UserView>
  block(actor: SignedIn, userId: string): Promise<void>
  unblock(actor: SignedIn, userId: string): Promise<void>
  remove(actor: SignedIn, input: z.output<typeof removeUserInput>): Promise<void>
  resetPassword(actor: SignedIn, input: z.output<typeof resetPasswordInput>): Promise<void>
  updateProfile(actor: SignedIn, input: z.output<typeof updateProfileInput>): Promise<Me>
  changePassword(actor: SignedIn, input: z.output<typeof changePasswordInput>): Promise<void>
  /** `null` takes the picture away. The bytes are kept by the agent's file routes. */
  setAvatar(actor: Actor & { userId: string }, version: string | null): Promise<Me>
}
