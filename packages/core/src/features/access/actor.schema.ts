import type { Language, Theme } from '../users/users.schema.ts'

/** An operator as the control database holds one, without the password. */
export interface Operator {
  id: string
  email: string
  name: string
  root: boolean
  blocked: boolean
  createProjects: boolean
  manageUsers: boolean
  language: Language | null
  theme: Theme
  avatarVersion: string | null
  createdAt: Date
  lastSeenAt: Date | null
}

/** Who does something: a signed-in operator, or the agent itself (its command line, a restart after a crash). */
export interface Actor {
  /** `null` for the agent itself. */
  userId: string | null
  name: string
  /** Where the request came from; `null` inside the agent. */
  address: string | null
}

/** A signed-in operator in one request. */
export interface SignedIn extends Actor {
  userId: string
  address: string
  user: Operator
  sessionId: string
}

/** The agent acting on its own. */
export const AGENT_ACTOR: Actor = { userId: null, name: 'agent', address: null }

/** The same person as @m3m/data notes it in revisions and events. */
export function dataActor({ userId, name }: SignedIn): { kind: 'operator'; id: string; name: string } {
  return { kind: 'operator', id: userId, name }
}
