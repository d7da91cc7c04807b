import { noInput } from '../../ids.schema.ts'
import type { RequestContext } from '../../context.ts'
import { procedure, publicProcedure, router } from '../../trpc.ts'
import type { UsersService } from '../users/users.service.ts'
import type { ClientKind, Renewal, SignIn } from './auth.schema.ts'
import { loginInput, logoutInput, refreshInput, revokeSessionInput, setUpInput } from './auth.schema.ts'
import type { AuthService, Issued } from './auth.service.ts'
import type { SetUpService } from './set-up.service.ts'

/** A browser gets its refresh token as a cookie that scripts cannot read, the desktop app in the body. */
function handOver<T extends SignIn | Renewal>(issued: Issued<T>, client: ClientKind, ctx: RequestContext): T {
  const { refreshToken, refreshExpiresAt, ...answer } = issued
  if (client === 'desktop') return { ...answer, refreshToken } as unknown as T
  ctx.setRefreshCookie?.(refreshToken, refreshExpiresAt)
  return answer as unknown as T
}

interface AuthParts {
  auth: AuthService
  users: UsersService
  setUp: SetUpService
}

export const createAuthRouter = ({ auth, users, setUp }: AuthParts) =>
  router({
    /** Whether the agent waits for its first operator. */
    setUpNeeded: publicProcedure.input(noInput).query(async () => ({ needed: await setUp.needed() })),
    setUp: publicProcedure.input(setUpInput).mutation(async ({ ctx, input }) => {
      await setUp.claim(input, ctx)
      return {}
    }),
    login: publicProcedure
      .input(loginInput)
      .mutation(async ({ ctx, input }): Promise<SignIn> =>
        handOver<SignIn>(await auth.login(input, ctx), input.client, ctx),
      ),
    refresh: publicProcedure
      .input(refreshInput)
      .mutation(async ({ ctx, input }): Promise<Renewal> =>
        handOver<Renewal>(await auth.refresh(input.refreshToken, ctx), 'desktop', ctx),
      ),
    logout: publicProcedure.input(logoutInput).mutation(async ({ ctx, input }) => {
      await auth.logout({ refreshToken: input?.refreshToken, sessionId: ctx.actor?.sessionId })
      ctx.setRefreshCookie?.(null, new Date(0))
      return {}
    }),
    me: procedure.input(noInput).query(({ ctx }) => users.me(ctx.actor.user)),
    sessions: procedure.input(noInput).query(({ ctx }) => auth.sessions(ctx.actor)),
    revokeSession: procedure.input(revokeSessionInput).mutation(async ({ ctx, input }) => {
      await auth.revokeSession(ctx.actor, input.sessionId)
      return {}
    }),
    revokeOtherSessions: procedure
      .input(noInput)
      .mutation(async ({ ctx }) => ({ ended: await auth.revokeOtherSessions(ctx.actor) })),
  })
