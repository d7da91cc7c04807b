import { AppError, type Clock, type ErrorShape, messageOf } from '@m3m/base'
import { z } from 'zod'
import { endOfToken } from '../../shared/token-life.ts'
import { desktopErrors } from '../desktop.errors.ts'

const TIMEOUT_MS = 15_000

const grantSchema = z.object({
  accessToken: z.string().min(1),
  expiresAt: z.iso.datetime(),
  refreshToken: z.string().min(1),
})
const resultSchema = z.object({ result: z.object({ data: z.unknown().optional() }) })
const failureSchema = z.object({
  error: z.object({
    message: z.string(),
    data: z.object({
      httpStatus: z.number().int(),
      app: z.looseObject({ code: z.string(), blame: z.enum(['user', 'host', 'bug']) }).optional(),
    }),
  }),
})

/** `expiresAt` by the clock of this computer. */
export type TokenGrant = z.output<typeof grantSchema>

interface Answer {
  status: number
  sentAt: string | null
  body: unknown
}

/** The three procedures of `auth` that hold a refresh token: only main calls them, never the page. */
export interface AuthCalls {
  login(email: string, password: string): Promise<TokenGrant>
  refresh(refreshToken: string): Promise<TokenGrant>
  logout(refreshToken: string): Promise<void>
}

/**
 * Speaks tRPC's plain HTTP form, because the typed client would bring the agent's router types and a fetch
 * wrapper into main for three calls.
 *
 * @param fetch of the agent's session, so that the certificate rule of its page holds here too
 * @throws DESKTOP_AGENT_UNREACHABLE, DESKTOP_NOT_AN_AGENT, or what the agent refuses with
 */
export function createAuthCalls(options: {
  url: string
  fetch: typeof globalThis.fetch
  clock: Pick<Clock, 'now'>
}): AuthCalls {
  const { url, fetch, clock } = options

  async function call(procedure: string, input: unknown): Promise<{ data: unknown; sentAt: string | null }> {
    const { status, sentAt, body } = await post(procedure, input)
    const done = resultSchema.safeParse(body)
    if (status < 400 && done.success) return { data: done.data.result.data, sentAt }
    const refused = failureSchema.safeParse(body)
    if (!refused.success) throw notAnAgent(procedure, status)
    const { message, data } = refused.data.error
    const app = data.app as Partial<ErrorShape> | undefined
    throw AppError.fromShape({
      ...app,
      code: app?.code ?? 'DESKTOP_AGENT_REFUSED',
      blame: app?.blame ?? 'host',
      status: data.httpStatus,
      message,
    })
  }

  async function post(procedure: string, input: unknown): Promise<Answer> {
    try {
      const response = await fetch(`${url}/trpc/${procedure}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
        credentials: 'omit',
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      const sentAt = response.headers.get('date')
      return { status: response.status, sentAt, body: await response.json().catch(() => null) }
    } catch (error) {
      throw desktopErrors.DESKTOP_AGENT_UNREACHABLE({ url, reason: reasonOf(error) }, { cause: error })
    }
  }

  async function grant(procedure: string, input: unknown): Promise<TokenGrant> {
    const { data, sentAt } = await call(procedure, input)
    const answer = grantSchema.safeParse(data)
    if (!answer.success) throw notAnAgent(procedure, 200)
    return { ...answer.data, expiresAt: endOfToken(answer.data.expiresAt, sentAt, clock.now()) }
  }

  const notAnAgent = (procedure: string, status: number) =>
    desktopErrors.DESKTOP_NOT_AN_AGENT({ url, got: `${procedure} gave status ${status}` })

  return {
    login: (email, password) => grant('auth.login', { email, password, client: 'desktop' }),
    refresh: (refreshToken) => grant('auth.refresh', { refreshToken }),
    async logout(refreshToken) {
      await call('auth.logout', { refreshToken })
    },
  }
}

/** Node's fetch says only "fetch failed"; the reason is its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  return messageOf(cause)
}
