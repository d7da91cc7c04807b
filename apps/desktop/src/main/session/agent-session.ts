import { AppError, type Clock } from '@m3m/base'
import type { AccessToken } from '../../shared/desktop-port.ts'
import type { AuthCalls, TokenGrant } from './auth-calls.ts'
import type { TokenVault } from './token-vault.ts'

/** A token with less life left is renewed before it is handed out: a request may wait that long in a queue. */
const LEAST_LIFE_MS = 30_000
/** A person who signs out does not wait for an agent that is away; its session ends by its own time. */
const LOGOUT_WAIT_MS = 2_000

/** The sign-in of one agent: holds the tokens and hands out short-lived ones. */
export interface AgentSession {
  signedIn(): boolean
  signIn(email: string, password: string): Promise<AccessToken>
  /** @throws DESKTOP_AGENT_UNREACHABLE; the sign-in stands */
  accessToken(options: { renew?: boolean | undefined }): Promise<AccessToken | null>
  /** Tells the agent, as far as it can be reached, and forgets. */
  signOut(): Promise<void>
}

/** @param onChange called when a sign-in began or ended, also when the agent ended it */
export function createAgentSession(deps: {
  agentId: string
  calls: AuthCalls
  vault: TokenVault
  clock: Clock
  onChange: (signedIn: boolean) => void
}): AgentSession {
  const { agentId, calls, vault, clock, onChange } = deps
  let access: AccessToken | null = null
  let renewal: Promise<AccessToken | null> | null = null

  async function keep(grant: TokenGrant): Promise<AccessToken> {
    // First to disk: the agent takes the old refresh token, used again, for theft and ends the sign-in.
    await vault.set(agentId, grant.refreshToken)
    access = { token: grant.accessToken, expiresAt: grant.expiresAt }
    return access
  }

  async function forget(): Promise<void> {
    access = null
    await vault.remove(agentId)
    onChange(false)
  }

  async function renew(): Promise<AccessToken | null> {
    const refreshToken = await vault.get(agentId)
    if (refreshToken === null) return null
    try {
      return await keep(await calls.refresh(refreshToken))
    } catch (error) {
      if (!isEndOfSignIn(error)) throw error
      await forget()
      return null
    }
  }

  return {
    signedIn: () => vault.has(agentId),
    async signIn(email, password) {
      const token = await keep(await calls.login(email, password))
      onChange(true)
      return token
    },
    async accessToken(options) {
      const livesUntil = access ? Date.parse(access.expiresAt) : 0
      if (access && !options.renew && livesUntil - clock.now() >= LEAST_LIFE_MS) return access
      // One refresh for all who wait: each uses up the refresh token.
      renewal ??= renew().finally(() => (renewal = null))
      return renewal
    },
    async signOut() {
      const refreshToken = await vault.get(agentId)
      await forget()
      if (refreshToken === null) return
      const told = calls.logout(refreshToken).catch(() => {})
      await Promise.race([told, new Promise<void>((resolve) => clock.after(LOGOUT_WAIT_MS, resolve))])
    },
  }
}

/** 401 and 403 are the agent's word that the sign-in is over; anything else may pass. */
function isEndOfSignIn(error: unknown): boolean {
  return error instanceof AppError && (error.status === 401 || error.status === 403)
}
