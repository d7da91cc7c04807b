import type { z } from 'zod'
import { randomHex, sha256Hex } from '../../secrets.ts'
import { AGENT_ACTOR } from '../access/actor.schema.ts'
import type { UsersService } from '../users/users.service.ts'
import { authErrors } from './auth.errors.ts'
import type { setUpInput } from './auth.schema.ts'
import type { Origin } from './sessions.service.ts'

/** The first operator, made in the panel by whoever can read what the agent printed at its start. */
export interface SetUpService {
  /** Nobody can sign in yet: there is no root. */
  needed(): Promise<boolean>
  /** 64 hex digits, the secret of the link; the same for the life of the process. null when there is a root. */
  token(): Promise<string | null>
  /** Makes the root. @throws AUTH_SET_UP_REFUSED, USERS_ROOT_EXISTS */
  claim(input: z.output<typeof setUpInput>, from: Origin): Promise<void>
}

export function createSetUp({ users }: { users: UsersService }): SetUpService {
  const secret = randomHex(32)
  let last: Promise<unknown> = Promise.resolve()
  const needed = async () => !(await users.hasRoot())

  async function claim({ token, email, password }: z.output<typeof setUpInput>, { address }: Origin) {
    // Hashes are compared: how long it takes says nothing of the secret.
    if ((await sha256Hex(token)) !== (await sha256Hex(secret))) throw authErrors.AUTH_SET_UP_REFUSED({})
    await users.createRoot({ email, password }, { ...AGENT_ACTOR, address })
  }

  return {
    needed,
    token: async () => ((await needed()) ? secret : null),
    claim(input, from) {
      // One after the other: of two who press at once, one becomes the root.
      const done = last.then(() => claim(input, from))
      last = done.catch(() => {})
      return done
    },
  }
}
