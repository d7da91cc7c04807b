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

/** Who does something: a signed-in operator, a program, or the agent itself (its command line, a restart after a crash). */
export interface Actor {
  /** `null` for a program and for the agent itself. */
  userId: string | null
  /** The key of the project that a program acts by; `name` is then the key's. Absent for all others. */
  apiKeyId?: string
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

/** Who did something, as it is told: an operator, or with `apiKey` a program by the key of that id and name. */
export interface ActorRef {
  id: string
  name: string
  apiKey?: true
}

/** The agent acting on its own. */
export const AGENT_ACTOR: Actor = { userId: null, name: 'agent', address: null }

/** A program by its key. `address`: where its request came from. */
export function programActor(key: { keyId: string; name: string }, address: string): Actor {
  return { userId: null, apiKeyId: key.keyId, name: key.name, address }
}

/** The same person as @m3m/data notes it in revisions and events. */
export function dataActor({ userId, name }: SignedIn): { kind: 'operator'; id: string; name: string } {
  return { kind: 'operator', id: userId, name }
}
